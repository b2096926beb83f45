import "./pack.ts"; // JavaScript, because Pulumi would hand a .ts entry file to ts-node.
