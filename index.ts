import { deploy } from "./stacks/index.ts";
import { readSettings } from "./stacks/settings.ts";

export default () => deploy(readSettings());
