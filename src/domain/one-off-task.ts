/** A task on ECS that is run once to its end. */
export interface OneOffTask {
  region: string;
  /** ARN of the cluster. */
  cluster: string;
  /** ARN of the task definition, with its revision. */
  taskDefinition: string;
  subnets: string[];
  securityGroup: string;
  assignPublicIp: boolean;
  /** What it is run for: who asks for the same again while one runs gets that one. Letters, digits, dashes; at most 64. */
  purpose: string;
}

export interface TaskEnd {
  /** ARN. */
  task: string;
  /** Whether somebody had started it before: a run that was cut off, or one beside this. */
  found: boolean;
  /** Null: its container never ran, or was not there any more to be asked. */
  exitCode: number | null;
  /** AWS's word for what ended it, and in sentences; null: it said nothing. */
  stopCode: string | null;
  reason: string | null;
  /** The last lines of its log. */
  lines: string[];
}
