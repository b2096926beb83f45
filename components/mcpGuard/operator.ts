/** The role of callers who may do more than read, on the servers that leave it to nobody else. */
export const OPERATOR = "operator";
