/** What one task on Fargate has: CPU units and MiB. */
export interface FargateSize {
  cpu: number;
  memoryMb: number;
}

interface Row {
  cpu: number;
  fromMb: number;
  toMb: number;
  stepMb: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html, "Task CPU and memory". */
const SIZES: readonly Row[] = [
  { cpu: 256, fromMb: 512, toMb: 2048, stepMb: 512 },
  { cpu: 512, fromMb: 1024, toMb: 4096, stepMb: 1024 },
  { cpu: 1024, fromMb: 2048, toMb: 8192, stepMb: 1024 },
  { cpu: 2048, fromMb: 4096, toMb: 16_384, stepMb: 1024 },
  { cpu: 4096, fromMb: 8192, toMb: 30_720, stepMb: 1024 },
  { cpu: 8192, fromMb: 16_384, toMb: 61_440, stepMb: 4096 },
  { cpu: 16_384, fromMb: 32_768, toMb: 122_880, stepMb: 8192 },
];

/**
 * The smallest size that Fargate has with at least this much of both; CPU counts first, for it costs more. Null where
 * Fargate has nothing that large.
 */
export const fargateSize = ({ cpu, memoryMb }: FargateSize): FargateSize | null => {
  const row = SIZES.find((size) => size.cpu >= cpu && size.toMb >= memoryMb);
  return row === undefined ? null : { cpu: row.cpu, memoryMb: memoryOf(row, memoryMb) };
};

/** With 256 CPU units there are 512, 1024 and 2048 MiB, and no 1536. */
const memoryOf = ({ cpu, fromMb, stepMb }: Row, memoryMb: number): number => {
  const steps = Math.max(0, Math.ceil((memoryMb - fromMb) / stepMb));
  const found = fromMb + steps * stepMb;
  return cpu === 256 && found === 1536 ? 2048 : found;
};
