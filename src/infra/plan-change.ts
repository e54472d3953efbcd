/** What Terraform is about to do with one resource. `replace` destroys it and makes another. */
export type ChangeAction =
  "create" | "update" | "replace" | "destroy" | "read" | "forget" | "move" | "import" | "nothing";

/** A value as it may be shown: what is sensitive or not known yet has no text. */
export type Shown =
  { kind: "value"; text: string } | { kind: "sensitive" } | { kind: "unknown" } | { kind: "absent" };

export interface AttributeChange {
  /** `root_block_device[0].volume_size`: as it is written in the files. */
  path: string;
  before: Shown;
  after: Shown;
  /** Because of this one the resource is replaced. */
  forcesReplacement: boolean;
}

export interface ResourceChange {
  address: string;
  /** `module.app.module.database`; empty for the root. */
  module: string;
  type: string;
  /** The address within its module: `aws_db_instance.this`. */
  local: string;
  mode: "managed" | "data";
  action: ChangeAction;
  /** The address before, where it moved; it may be changed as well. */
  movedFrom: string | null;
  /** The id under which what exists is taken in. */
  importing: string | null;
  /** For `replace`: which comes first. */
  order: "destroy first" | "create first" | null;
  /** Why Terraform replaces or destroys: `replace_because_cannot_update`, `delete_because_no_resource_config` … */
  reason: string | null;
  /** What differs; empty where the resource comes or goes as a whole. */
  attributes: AttributeChange[];
  /** How people call what is there: its identifier, name or id. Null: it is not there yet. */
  resourceName: string | null;
  /** Values as they are and as they shall be; never shown, as they may be secret. Rules decide with them. */
  before: Readonly<Record<string, unknown>> | null;
  after: Readonly<Record<string, unknown>> | null;
}

export interface InfraPlan {
  formatVersion: string;
  terraformVersion: string;
  /** In the order of their addresses; what stays as it is, is left out. */
  changes: ResourceChange[];
  /** What was changed outside of Terraform since the state was last written. */
  drift: ResourceChange[];
  outputs: string[];
  /** False: Terraform gave up half-way, and says that the plan is not the whole of it. */
  complete: boolean;
}
