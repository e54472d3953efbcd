import { AWS, broken, notKnown, type Rule } from "../rule.ts";
import { hasOwnTags } from "../tagged.ts";
import { valueAt } from "../value-at.ts";

const REFERENCE = `${AWS}/whitepapers/latest/tagging-best-practices/tagging-best-practices.html`;

const tagRule = (
  tag: string,
  rest: Pick<Rule, "id" | "title" | "why">,
  expected: (environment: string) => string | null,
): Rule => ({
  ...rest,
  severity: "low",
  reference: REFERENCE,
  types: null,
  when: hasOwnTags,
  check: (resource, world) => {
    const wanted = expected(world.environment);
    const shouldBe = wanted ?? "set";
    const value = valueAt(resource, `tags_all.${tag}`);
    if (value.state === "unknown") return [notKnown(`tags_all.${tag}`, shouldBe)];
    const is = value.state === "known" ? String(value.value as string) : null;
    const holds = wanted === null ? is !== null && is !== "" : is === wanted;
    return holds ? [] : [broken(`tags_all.${tag}`, is ?? "not set", shouldBe)];
  },
});

/** Everything says whose it is. */
export const tagRules: Rule[] = [
  tagRule(
    "Project",
    {
      id: "tagged-with-project",
      title: "Everything that takes tags says which app it belongs to.",
      why: "Several apps share an account, and its bill.",
    },
    () => null,
  ),
  tagRule(
    "Environment",
    {
      id: "tagged-with-environment",
      title: "Everything that takes tags says which environment it belongs to.",
      why: "Nobody takes production for staging then.",
    },
    (environment) => environment,
  ),
  tagRule(
    "ManagedBy",
    {
      id: "tagged-with-manager",
      title: "Everything that takes tags says that Terraform made it.",
      why: "What is changed by hand is changed back by the next apply.",
    },
    () => "terraform",
  ),
];
