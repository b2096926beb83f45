/** An answer in Azure Resource Manager's error form. */
export class ArmError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Azure's code, for example `ResourceGroupNotFound`. */
  readonly code: string;
  /** The property or resource at fault, when Azure names one. */
  readonly target: string | undefined;
  /** Headers beside the usual ones, for example `retry-after`. */
  readonly headers: Record<string, string>;
  /** Whether the resource provider says it (AKS leaves out the envelope) and not Resource Manager itself. */
  readonly fromProvider: boolean;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { target?: string; headers?: Record<string, string>; fromProvider?: boolean } = {},
  ) {
    super(message);
    this.name = "ArmError";
    this.status = status;
    this.code = code;
    this.target = options.target;
    this.headers = options.headers ?? {};
    this.fromProvider = options.fromProvider ?? false;
  }

  /** The response body: `{error: {…}}`, or the bare form that AKS uses for its own errors. */
  body(bare = false): unknown {
    const inner = {
      code: this.code,
      ...(bare ? { details: null } : {}),
      message: this.message,
      ...(this.target ? { target: this.target } : {}),
    };
    return bare ? inner : { error: inner };
  }
}

/** An error of the resource provider, as opposed to Resource Manager in front of it. */
export function refusal(status: number, code: string, message: string, target?: string): ArmError {
  return new ArmError(status, code, message, { fromProvider: true, ...(target ? { target } : {}) });
}

/** The refusal to change a property. */
export function propertyChange(path: string): ArmError {
  return refusal(400, "PropertyChangeNotAllowed", `Changing property '${path}' is not allowed.`, path);
}
