import type { z } from "zod";
import { diskClass, shareClass } from "../../../components/dataDisk.ts";
import type { chat as schema } from "./chat.ts";
import type { Fail } from "./consistent.ts";

const DISKS = 'a class of disks, such as "managed-csi", because a database isn\'t safe on a share of files';
const SHARES = 'a class of shares, such as "azurefile-csi", because all pods write it, on all nodes';

/** What the volumes of the chat app can't be. The component says the same, when a part of the stack is there. */
export function volumesConsistent(chat: z.output<typeof schema>, fail: Fail): void {
  const { replicas, database, redis, storage, uploads } = chat;
  for (const [key, state] of Object.entries({ database, redis })) {
    if (unfit(diskClass, state?.storageClass)) fail(["chat", key, "storageClass"], DISKS);
  }
  if (storage === undefined) return;
  if (database !== undefined && !uploads) {
    fail(["chat", "storage"], "nothing, because chats are in the database, and uploads are off");
  } else if (database === undefined) {
    if (storage.accessMode === "ReadWriteMany") {
      fail(
        ["chat", "storage", "accessMode"],
        "ReadWriteOnce, because SQLite is one pod's; or set chat.database",
      );
    } else if (unfit(diskClass, storage.storageClass)) fail(["chat", "storage", "storageClass"], DISKS);
  } else if (storage.accessMode === "ReadWriteOnce") {
    const remedy =
      "ReadWriteMany, because all replicas write files. It is another, empty volume: copy the files to it, or " +
      "they stay behind on the old one; or set replicas to 1";
    if (replicas > 1) fail(["chat", "storage", "accessMode"], remedy);
    if (unfit(diskClass, storage.storageClass)) fail(["chat", "storage", "storageClass"], DISKS);
  } else if (unfit(shareClass, storage.storageClass)) {
    fail(["chat", "storage", "storageClass"], SHARES);
  }
}

const unfit = (check: (storageClass: string) => string | undefined, storageClass: string | undefined) =>
  storageClass !== undefined && check(storageClass) !== undefined;
