import { readFileSync } from "node:fs";
import { expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { AppConfig } from "./app-config.ts";
import { appSchema } from "./schema/app.ts";
import { unwrap } from "./schema/walk.ts";

test("the types that an editor shows are the schema's", () => {
  expectTypeOf<z.input<typeof appSchema>>().toEqualTypeOf<AppConfig>();
});

test("the comments that an editor shows are the schema's descriptions", () => {
  const source = ["app-config.ts", "aws-config.ts"]
    .map((name) => readFileSync(new URL(name, import.meta.url), "utf8"))
    .join("");
  const missing: string[] = [];
  let seen = 0;
  const visit = (schema: z.core.$ZodType): void => {
    const { def } = unwrap(schema)._zod;
    if (def.type === "record") visit(def.valueType);
    if (def.type === "array") visit(def.element);
    if (def.type === "union") def.options.forEach(visit);
    if (def.type !== "object") return;
    for (const [name, member] of Object.entries(def.shape)) {
      const { description } = (member as z.ZodType).meta() ?? {};
      const comment = new RegExp(`/\\*\\* ${escaped(description ?? "none")} \\*/\\s+${name}\\??:`);
      if (!comment.test(source)) missing.push(`${name}: ${description}`);
      seen += 1;
      visit(member);
    }
  };
  visit(appSchema);
  expect(missing).toEqual([]);
  expect(seen).toBeGreaterThan(60);
});

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
