/** Words that only the shell knows: `exec cd` would look for a program. */
const SHELL_WORDS = new Set(
  (
    ". : [ alias bg break builtin case cd command continue declare do done echo elif else esac eval exec exit " +
    "export false fc fg fi for function getopts hash if in jobs kill let local printf pwd read readonly return set " +
    "shift source test then time times trap true type typeset ulimit umask unalias unset until wait while"
  ).split(" "),
);

const WORD = String.raw`(?:[^\s\\'"\`$;&|<>()#*?[\]{}~!=]+|'[^']+'|"[^"\\\`$]+")`;
const ASSIGNMENT = String.raw`[A-Za-z_]\w*=(?:[^\s\\'"\`$;&|<>()#*?[\]{}~!]*|'[^']*')`;
/** Quoted text, or what has no meaning to a shell beyond parameters and patterns. */
const ARGUMENT = String.raw`(?:'[^']*'|"[^"\\\`(]*"|[^\s\\'"\`;&|<>()#])+`;
const SIMPLE = new RegExp(
  `^(?<settings>(?:${ASSIGNMENT}[ \\t]+)*)(?<program>${WORD})(?<rest>(?:[ \\t]+${ARGUMENT})*)$`,
);
const ANY = `(?:${ARGUMENT})(?:[ \\t]+${ARGUMENT})*`;
const CHAIN = new RegExp(`^(?<before>(?:${ANY}[ \\t]*&&[ \\t]*)*)(?<last>${ANY})$`);

/**
 * The same command, with its last program run in place of the shell where that changes nothing else, so that SIGTERM
 * reaches the program itself: `node x.js`, `A=1 node x.js`, `cd api && node x.js`. dash does not do this by itself.
 * `direct` is false for what the shell has to stay for: lists, pipes, redirections, compound commands.
 */
export const execForm = (command: string): { command: string; direct: boolean } => {
  const asItIs = { command, direct: false };
  const chain = CHAIN.exec(command.trim())?.groups;
  const simple = SIMPLE.exec(chain?.["last"] ?? "")?.groups;
  const program = simple?.["program"];
  if (chain === undefined || simple === undefined || program === undefined) return asItIs;
  if (SHELL_WORDS.has(program.replace(/['"]/g, ""))) return asItIs;
  const settings = simple["settings"] ? `env ${simple["settings"]}` : "";
  return { command: `${chain["before"]}exec ${settings}${program}${simple["rest"]}`, direct: true };
};
