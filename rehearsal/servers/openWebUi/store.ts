import { createHmac, randomUUID, scryptSync, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { ChatMessage } from "./message.ts";

/** An account. */
export interface User {
  id: string;
  name: string;
  email: string;
  role: "admin" | "user" | "pending";
  salt: string;
  hash: string;
}

/** A chat with its messages, in the form that the API gives them. */
export interface Chat {
  id: string;
  userId: string;
  messages: Record<string, ChatMessage>;
}

interface Kept {
  users: User[];
  chats: Chat[];
}

/** Users and chats, in one file: the real one's is SQLite, on the same volume. */
export class Store {
  readonly #file: string;
  readonly #kept: Kept;
  readonly #secretKey: string;

  /** @param secretKey signs the tokens: with another one nobody is signed in any more. */
  constructor(file: string, secretKey: string) {
    this.#file = file;
    this.#secretKey = secretKey;
    this.#kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { users: [], chats: [] };
  }

  get isEmpty(): boolean {
    return this.#kept.users.length === 0;
  }

  addUser({
    name,
    email,
    password,
    role,
  }: Pick<User, "name" | "email" | "role"> & { password: string }): User {
    const salt = randomUUID();
    const user = {
      id: randomUUID(),
      name,
      email: email.toLowerCase(),
      role,
      salt,
      hash: hashOf(password, salt),
    };
    this.#kept.users.push(user);
    this.#save();
    return user;
  }

  hasUser(email: string): boolean {
    return this.#kept.users.some((user) => user.email === email.toLowerCase());
  }

  /** The account with this password; undefined when there is none. */
  signIn(email: string, password: string): User | undefined {
    const user = this.#kept.users.find((each) => each.email === email.toLowerCase());
    return user && same(user.hash, hashOf(password, user.salt)) ? user : undefined;
  }

  tokenOf({ id }: User): string {
    return `${id}.${this.#sign(id)}`;
  }

  /** Whose token it is; undefined for one that isn't known. */
  userOf(token: string | undefined): User | undefined {
    const [id = "", signature = ""] = (token ?? "").split(".");
    return same(signature, this.#sign(id)) ? this.#kept.users.find((user) => user.id === id) : undefined;
  }

  addChat(user: User, messages: Chat["messages"]): Chat {
    const chat = { id: randomUUID(), userId: user.id, messages };
    this.#kept.chats.push(chat);
    this.#save();
    return chat;
  }

  chatOf(user: User, id: string): Chat | undefined {
    return this.#kept.chats.find((chat) => chat.id === id && chat.userId === user.id);
  }

  removeChat(chat: Chat): void {
    this.#kept.chats.splice(this.#kept.chats.indexOf(chat), 1);
    this.#save();
  }

  /** Writes down that something of a chat has changed. */
  changed(): void {
    this.#save();
  }

  #sign(id: string): string {
    return createHmac("sha256", this.#secretKey).update(id).digest("hex");
  }

  #save(): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#kept), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** Cheap: here it only has to be no plain text. */
function hashOf(password: string, salt: string): string {
  return scryptSync(password, salt, 32, { N: 1024 }).toString("hex");
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
