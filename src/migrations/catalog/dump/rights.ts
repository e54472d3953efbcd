const notMember = (classid: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM member m WHERE m.classid = '${classid}'::regclass AND m.objid = ${oid})`;

interface Kind {
  /** Objects as (oid, owner, acl, kind of acldefault, words of a statement). */
  from: string;
}

/** Everything that has an owner and rights of its own, in the words that ALTER, GRANT and REVOKE name it by. */
const KINDS: Kind[] = [
  {
    from: `SELECT n.oid, n.nspowner AS owner, n.nspacl AS acl, 'n'::"char" AS kind, 'SCHEMA' AS word, 'SCHEMA' AS owned, n.oid::regnamespace::text AS name
      FROM pg_namespace n JOIN app ON app.oid = n.oid WHERE ${notMember("pg_namespace", "n.oid")}`,
  },
  {
    from: `SELECT c.oid, c.relowner, c.relacl, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
        CASE WHEN c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')) THEN NULL
          WHEN c.relkind = 'S' THEN 'SEQUENCE' WHEN c.relkind = 'v' THEN 'VIEW' WHEN c.relkind = 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, c.oid::regclass::text
      FROM pg_class c JOIN app ON app.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND ${notMember("pg_class", "c.oid")}`,
  },
  {
    from: `SELECT p.oid, p.proowner, p.proacl, 'f'::"char", 'ROUTINE', 'ROUTINE', p.oid::regprocedure::text
      FROM pg_proc p JOIN app ON app.oid = p.pronamespace WHERE ${notMember("pg_proc", "p.oid")}
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i')`,
  },
  {
    from: `SELECT t.oid, t.typowner, t.typacl, 'T'::"char", 'TYPE', 'TYPE', t.oid::regtype::text
      FROM pg_type t JOIN app ON app.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
      WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')) AND ${notMember("pg_type", "t.oid")}`,
  },
];

const ALL = `everything AS MATERIALIZED (${KINDS.map(({ from }) => from).join(" UNION ALL ")})`;

const role = (oid: string): string =>
  `CASE ${oid} WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(${oid})) END`;

const owners = `SELECT format('ALTER %s %s OWNER TO %I', owned, name, pg_get_userbyid(owner)) FROM everything WHERE owned IS NOT NULL ORDER BY oid`;

/** The rights are taken away and given anew, so that nothing of the restoring role's own is left among them. */
const grants = `
SELECT statement FROM everything e CROSS JOIN LATERAL (
  SELECT 1 AS step, format('REVOKE ALL ON %s %s FROM PUBLIC, %I', word, name, pg_get_userbyid(owner)) AS statement
  UNION ALL
  SELECT 2, format('GRANT %s ON %s %s TO %s%s', a.privilege_type, word, name, ${role("a.grantee")}, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END)
  FROM aclexplode(e.acl) AS a WHERE a.privilege_type <> 'MAINTAIN' OR current_setting('server_version_num')::int >= 170000) AS v
WHERE e.acl IS NOT NULL ORDER BY e.oid, step`;

const columnGrants = `
SELECT format('GRANT %s (%I) ON %s TO %s%s', x.privilege_type, a.attname, a.attrelid::regclass, ${role("x.grantee")}, CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' END)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN app ON app.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(a.attacl) AS x
WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND ${notMember("pg_class", "c.oid")} ORDER BY a.attrelid, a.attnum`;

const defaultPrivileges = `
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s GRANT %s ON %s TO %s%s', pg_get_userbyid(d.defaclrole), ' IN SCHEMA ' || nullif(d.defaclnamespace, 0)::regnamespace, x.privilege_type,
  CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END, ${role("x.grantee")}, CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' END)
FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) AS x
UNION ALL
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE ALL ON %s FROM PUBLIC', pg_get_userbyid(d.defaclrole), CASE d.defaclobjtype WHEN 'f' THEN 'FUNCTIONS' ELSE 'TYPES' END)
FROM pg_default_acl d WHERE d.defaclnamespace = 0 AND d.defaclobjtype IN ('f', 'T') AND NOT EXISTS (SELECT FROM aclexplode(d.defaclacl) AS x WHERE x.grantee = 0)`;

const otherOwners = `
SELECT format('ALTER EVENT TRIGGER %I OWNER TO %I', e.evtname, pg_get_userbyid(e.evtowner)) FROM pg_event_trigger e WHERE ${notMember("pg_event_trigger", "e.oid")}
UNION ALL SELECT format('ALTER PUBLICATION %I OWNER TO %I', p.pubname, pg_get_userbyid(p.pubowner)) FROM pg_publication p`;

/** Rules that a query needs before `WITH … ` of its own. */
export const RIGHTS_WITH = ALL;
export const RIGHTS_STATEMENTS = [owners, otherOwners, grants, columnGrants, defaultPrivileges];

/** Every role that any of it names. */
export const ROLES = `
SELECT DISTINCT pg_get_userbyid(oid) AS role FROM (
  SELECT owner AS oid FROM everything UNION SELECT a.grantee FROM everything e CROSS JOIN LATERAL aclexplode(e.acl) AS a
  UNION SELECT a.grantor FROM everything e CROSS JOIN LATERAL aclexplode(e.acl) AS a
  UNION SELECT x.grantee FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN app ON app.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(a.attacl) AS x
  UNION SELECT d.defaclrole FROM pg_default_acl d UNION SELECT x.grantee FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) AS x
  UNION SELECT unnest(p.polroles) FROM pg_policy p
  UNION SELECT e.evtowner FROM pg_event_trigger e UNION SELECT p.pubowner FROM pg_publication p) AS found(oid)
WHERE oid <> 0 AND pg_get_userbyid(oid) !~ '^pg_' ORDER BY 1`;
