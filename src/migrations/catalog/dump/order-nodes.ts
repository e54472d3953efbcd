export interface SchemaNode {
  /** "catalog:oid". */
  id: string;
  /** Decides where nothing else does; then the name. */
  phase: number;
  name: string;
  statements: string[];
}

export interface Link {
  from: string;
  to: string;
}

/**
 * Nodes in an order in which each comes after what it needs; otherwise by phase and name, so that equal schemas give equal
 * scripts. Where needs go round in a circle it is entered at its first.
 */
export const orderNodes = (nodes: SchemaNode[], links: { aliases: Link[]; edges: Link[] }): SchemaNode[] => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const aliases = new Map(links.aliases.map(({ from, to }) => [from, to]));
  const resolve = (id: string): SchemaNode | null => {
    // A row type of a table of an extension is two steps away; nothing is farther than a few.
    for (let at: string | undefined = id, steps = 0; at !== undefined && steps < 8; steps++) {
      const node = byId.get(at);
      if (node !== undefined) return node;
      at = aliases.get(at);
    }
    return null;
  };
  const needs = new Map<SchemaNode, Set<SchemaNode>>();
  for (const { from, to } of links.edges) {
    const [who, what] = [resolve(from), resolve(to)];
    if (who === null || what === null || who === what) continue;
    needs.set(who, (needs.get(who) ?? new Set()).add(what));
  }
  const ordered = new Set<SchemaNode>();
  const entered = new Set<SchemaNode>();
  const visit = (node: SchemaNode): void => {
    if (entered.has(node)) return;
    entered.add(node);
    for (const needed of [...(needs.get(node) ?? [])].sort(before)) visit(needed);
    ordered.add(node);
  };
  for (const node of [...nodes].sort(before)) visit(node);
  return [...ordered];
};

const before = (a: SchemaNode, b: SchemaNode): number =>
  a.phase - b.phase || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
