import { z } from "zod";
import { IMAGE_PREFIX, STORAGE_CLASS } from "../../../components/forms.ts";
import { text } from "./fields.ts";

/** The cluster of a stack that isn't on Azure; docs/local.md. */
export const local = z
  .strictObject({
    context: z.string().min(1).meta({
      description: "Context of the kubeconfig that the stack goes to, and to no other",
      example: "kind-mcpaas",
      allowed: "the name of a context",
    }),
    kubeconfig: z.string().min(1).optional().meta({
      description: "Path of the kubeconfig, from the program's folder",
      example: "~/.kube/config",
      allowed: "a path",
      otherwise: "the files of KUBECONFIG, else ~/.kube/config",
    }),
    currentContextOnly: z.boolean().default(true).meta({
      description: "Refuse while the kubeconfig's current context is another one than context",
      example: false,
    }),
    registry: text(IMAGE_PREFIX).default("localhost").meta({
      description:
        "Registry, and path in it, of images that name none; localhost: images that were loaded into the nodes",
      example: "localhost:5001",
    }),
    storageClass: text(STORAGE_CLASS).optional().meta({
      description: "Storage class of volumes that name none; another one is another, empty volume",
      example: "standard",
      otherwise: "the cluster's default class",
    }),
  })
  .optional()
  .meta({
    description: "The cluster, with platform local only; docs/local.md",
    example: { context: "kind-mcpaas" },
    otherwise: "required with platform local",
  });
