import { groupType } from "../path.ts";
import type { TypeRow } from "./row.ts";

/** Resource Manager's own types. */
export const resourceTypes: TypeRow[] = [
  {
    type: groupType,
    scope: "subscription",
    apiVersions: [
      ...["2020-10-01", "2021-01-01", "2021-04-01", "2022-09-01", "2023-07-01"],
      ...["2024-03-01", "2024-07-01", "2024-11-01", "2025-03-01", "2025-04-01"],
    ],
    // Letters of any script, digits, and these signs; not a full stop at the end.
    name: /^[-\p{L}\p{N}_.()]{0,89}[-\p{L}\p{N}_()]$/u,
    // Made at once; deleting takes what is in it along.
    asyncDelete: true,
    located: true,
  },
];
