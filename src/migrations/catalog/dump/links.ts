/** What stands for what else: a row type for its table, an index for its constraint, a member for its extension. */
export const ALIASES = `
SELECT classid, objid, refclassid, refobjid FROM pg_depend WHERE deptype IN ('i', 'e') AND objid >= 16384
UNION ALL SELECT 'pg_attrdef'::regclass, d.oid, 'pg_class'::regclass, adrelid
  FROM pg_attrdef d JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE attgenerated <> ''`;

/**
 * What has to be there before what: PostgreSQL's own record, but that a sequence waits for no table that owns it; and what a
 * parent table hands on to its children comes when they are there.
 */
export const EDGES = `
SELECT classid, objid, refclassid, refobjid FROM pg_depend d
WHERE objid >= 16384 AND refobjid >= 16384 AND deptype NOT IN ('i', 'e')
  AND NOT (deptype = 'a' AND classid = 'pg_class'::regclass AND objid IN (SELECT seqrelid FROM pg_sequence))
UNION ALL SELECT 'pg_constraint'::regclass, c.oid, 'pg_class'::regclass, inhrelid FROM pg_inherits JOIN pg_constraint c ON conrelid = inhparent
UNION ALL SELECT 'pg_class'::regclass, indexrelid, 'pg_class'::regclass, inhrelid FROM pg_inherits JOIN pg_index ON indrelid = inhparent
UNION ALL SELECT 'pg_attrdef'::regclass, d.oid, 'pg_class'::regclass, inhrelid FROM pg_inherits JOIN pg_attrdef d ON adrelid = inhparent
UNION ALL SELECT 'pg_constraint'::regclass, p.oid, 'pg_constraint'::regclass, c.oid
  FROM pg_inherits JOIN pg_constraint p ON p.conrelid = inhparent
  JOIN pg_constraint c ON c.conrelid = inhrelid AND c.conname = p.conname AND c.contype = 'c' AND c.conislocal`;
