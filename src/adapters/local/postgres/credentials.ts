import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../domain/errors.ts";
import { writeDurably } from "../durable-file.ts";

/** Passwords of the server, in a file that its owner alone can read. */
export interface Credentials {
  superuser: string;
  /** The role's password; made and stored, before it is returned, at first use. */
  role(name: string): Promise<string>;
}

interface Stored {
  format: 1;
  superuser: string;
  roles: Record<string, string>;
}

const newPassword = (): string => randomBytes(24).toString("hex");

const read = async (file: string): Promise<Stored | null> => {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  try {
    return text === null ? null : (JSON.parse(text) as Stored);
  } catch (cause) {
    throw new AppError("DATABASE_ABSENT", `${file} is damaged, so the database cannot be opened`, {
      hint: "restore it from a backup",
      cause,
    });
  }
};

/** `data`: where there are data already, whose passwords were lost when they are not here. Throws DATABASE_ABSENT then. */
export const openCredentials = async (
  folder: string,
  { data }: { data: string | null },
): Promise<Credentials> => {
  const file = join(folder, "passwords.json");
  const found = await read(file);
  if (found === null && data !== null)
    throw new AppError("DATABASE_ABSENT", `${file} is gone, so the database cannot be opened`, {
      hint: `restore it from a backup, or remove ${data} to begin with an empty database`,
    });
  const stored = found ?? { format: 1, superuser: newPassword(), roles: {} };
  const save = (): Promise<void> => writeDurably(file, `${JSON.stringify(stored, null, 2)}\n`, 0o600);
  if (found === null) await save();
  return {
    superuser: stored.superuser,
    role: async (name) => {
      const known = stored.roles[name];
      if (known !== undefined) return known;
      const password = newPassword();
      stored.roles[name] = password;
      await save();
      return password;
    },
  };
};
