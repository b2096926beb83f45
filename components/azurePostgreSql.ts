import { Database } from "@pulumi/azure-native/dbforpostgresql/database.js";
import { Server } from "@pulumi/azure-native/dbforpostgresql/server.js";
import * as pulumi from "@pulumi/pulumi";
import { clientConfig } from "./azure/clientConfig.ts";
import { databaseUrl, type ServerShape, serverArgs, serverName } from "./azurePostgreSql/server.ts";
import { GeneratedKey } from "./dynamic/generatedKey.ts";
import { SQL_NAME } from "./forms.ts";
import { PrivateLink, type PrivatePlace } from "./privateLink.ts";
import { ensure, matches } from "./validation.ts";

export type { ServerShape } from "./azurePostgreSql/server.ts";

export interface AzurePostgreSqlArgs extends ServerShape {
  /** The resource group that holds what is made. */
  resourceGroupName: pulumi.Input<string>;
  /** The Azure region; it can't be changed later. */
  location: pulumi.Input<string>;
  /**
   * The server's own name, unique in Azure: 3 to 63 of a-z, 0-9 and '-'. Another one is another, empty server.
   * @default - `psql-`, the component's name, and a hash of subscription, resource group, project and stack
   */
  serverName?: string;
  /** Name of the database, and of the user that connects to it. @default "app" */
  database?: string;
  /**
   * Where its private endpoint is. It has no public address: without an endpoint nobody could reach it. Other than a
   * server inside a delegated subnet, this one can get other endpoints later, and lose them.
   */
  privateEndpoint: PrivatePlace;
  /** Pulumi refuses to delete or to replace server and database. @default false */
  protect?: boolean;
  /** Tags of every Azure resource made here. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Azure Database for PostgreSQL, flexible server, with one database, closed to all but a private endpoint. Azure takes
 * backups by itself, and every moment of the last days can be restored to a new server; a standby in another zone takes
 * over within a minute or two.
 *
 * The user that connects is the server's administrator, who may do everything to this server and is no superuser: the
 * server is for one application. Its password is generated, kept as a secret in the stack's state, and never sent in
 * clear: connections must be encrypted, and the URL has the server's certificate checked.
 *
 * Makes a Server, a Database and a PrivateLink. Costs about 130 USD a month for 2 cores and 0.115 USD a GB of storage;
 * a standby costs the same again.
 */
export class AzurePostgreSql extends pulumi.ComponentResource {
  /** ARM id of the server. */
  declare readonly id: pulumi.Output<string>;
  /** postgresql://user:password@host:5432/database with the check of certificates, a secret. */
  declare readonly url: pulumi.Output<string>;
  /** The server's host name, which in the network leads to the private endpoint. */
  declare readonly host: pulumi.Output<string>;

  constructor(name: string, args: AzurePostgreSqlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:AzurePostgreSql", name, {}, opts);
    const { resourceGroupName, location, tags, protect = false } = args;
    const database = ensure("database", args.database ?? "app", matches(SQL_NAME));
    const { subscriptionId } = clientConfig({ parent: this });
    // Azure wants three of capitals, small letters, digits and others; the key has two.
    const password = pulumi.interpolate`Pw-${new GeneratedKey(`${name}-password`, { parent: this }).value}`;
    const server = new Server(
      name,
      {
        resourceGroupName,
        location,
        serverName: serverName(args.serverName, name, pulumi.all([subscriptionId, resourceGroupName])),
        ...serverArgs(args),
        administratorLogin: database,
        administratorLoginPassword: pulumi.secret(password),
        tags,
      },
      { parent: this, protect, customTimeouts: { create: "60m", update: "60m", delete: "60m" } },
    );
    const made = new Database(
      `${name}-database`,
      {
        resourceGroupName,
        serverName: server.name,
        databaseName: database,
        charset: "UTF8",
        collation: "en_US.utf8",
      },
      { parent: this, protect },
    );
    const link = new PrivateLink(
      `${name}-link`,
      {
        ...args.privateEndpoint,
        resourceGroupName,
        location,
        service: "postgresql",
        targetId: server.id,
        tags,
      },
      // The server takes one change at a time, and answers ServerIsBusy to a second one.
      { parent: this, dependsOn: [made] },
    );
    this.id = server.id;
    this.host = server.fullyQualifiedDomainName;
    // Who connects comes after the database, and after the way to it.
    this.url = pulumi.secret(
      pulumi
        .all([this.host, password, made.id, link.id])
        .apply(([host, word]) => databaseUrl({ host, database, password: word })),
    );
    this.registerOutputs({ id: this.id, host: this.host, url: this.url });
  }
}
