import { notMember } from "./common.ts";
import { OPERATOR_ID } from "./routines.ts";

/** Roles that are not PostgreSQL's own. They are of the whole server, so others' are among them. */
const OWN_ROLE = "oid >= 16384 AND rolname !~ '^pg_'";

/** Whether it may log in is not told: a rehearsal needs no passwords. */
const ROLE = `concat_ws(' ', 'role', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN NOT rolinherit THEN 'noinherit' END,
  CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolcreatedb THEN 'createdb' END, CASE WHEN rolbypassrls THEN 'bypassrls' END)`;

/** Whatever has an owner or rights (not publications and event triggers, whose owners are superusers): kind, identity, owner, acl, and the letter by which acldefault() knows the kind. */
export const OWNED = `
SELECT 'schema' AS kind, key, id, nspowner AS owner, nspacl AS acl, 'n'::"char" AS letter, 2615::oid AS classid, oid FROM ns
UNION ALL SELECT kind, key, id, relowner, relacl, (CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", 1259, oid
  FROM rel WHERE relkind NOT IN ('i', 'I', 'c')
UNION ALL SELECT 'type', key, id, typowner, typacl, 'T', 1247, oid FROM typ
UNION ALL SELECT kind, key, id, proowner, proacl, 'f', 1255, oid FROM proc
UNION ALL SELECT 'operator', ${OPERATOR_ID}, ${OPERATOR_ID}, o.oprowner, NULL, NULL, 2617, o.oid FROM pg_operator o JOIN ns ON ns.oid = o.oprnamespace
  WHERE o.oprcode <> 0 AND ${notMember("pg_operator", "o.oid")}
UNION ALL SELECT 'statistics', ns.key || '.' || stxname, ns.id || '.' || quote_ident(stxname), stxowner, NULL, NULL, 3381, s.oid
  FROM pg_statistic_ext s JOIN ns ON ns.oid = stxnamespace
UNION ALL SELECT 'collation', ns.key || '.' || collname, ns.id || '.' || quote_ident(collname), collowner, NULL, NULL, 3456, c.oid
  FROM pg_collation c JOIN ns ON ns.oid = collnamespace WHERE ${notMember("pg_collation", "c.oid")}
UNION ALL SELECT 'database', 'database', 'database', datdba, datacl, 'd', 1262, oid FROM pg_database WHERE datname = current_database()`;

/** Who may do what, in an order of its own; the grantor is not told. */
export const aclText = (
  acl: string,
): string => `(SELECT string_agg(format('%s: %s', who, what), '; ' ORDER BY who) FROM (
  SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS who,
    string_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END, ', ' ORDER BY privilege_type) AS what
  FROM aclexplode(${acl}) GROUP BY 1) g)`;

/** Owners, rights, comments, labels, settings. Each part selects kind, identity, definition. */
export const RIGHT_PARTS = [
  `SELECT 'role', rolname, ${ROLE} FROM pg_roles WHERE ${OWN_ROLE}`,
  `SELECT 'member', format('%I in %I', m.rolname, r.rolname), CASE WHEN admin_option THEN 'admin' ELSE 'member' END
   FROM pg_auth_members JOIN pg_roles m ON m.oid = member JOIN pg_roles r ON r.oid = roleid
   WHERE m.oid >= 16384 AND r.oid >= 16384 AND r.rolname !~ '^pg_'`,
  `SELECT 'owner of ' || kind, key, pg_get_userbyid(owner)::text FROM owned`,
  `SELECT 'grants on ' || kind, key, coalesce(${aclText("acl")}, 'none') FROM owned
   WHERE acl IS NOT NULL AND ${aclText("acl")} IS DISTINCT FROM ${aclText("acldefault(letter, owner)")}`,
  `SELECT 'grants on column', rel.key || '.' || attname, ${aclText("attacl")}
   FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid WHERE attacl IS NOT NULL AND attnum > 0 AND NOT attisdropped
     AND ${aclText("attacl")} IS NOT NULL`,
  `SELECT 'default grants', concat_ws(' ', quote_ident(pg_get_userbyid(defaclrole)), nullif(defaclnamespace, 0)::regnamespace, defaclobjtype),
     coalesce(${aclText("defaclacl")}, 'none') FROM pg_default_acl`,
  `SELECT 'comment on ' || i.type, i.identity, description FROM pg_description d,
     LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
   WHERE (d.objoid >= 16384 OR (d.classoid = 'pg_namespace'::regclass AND d.objoid IN (SELECT oid FROM ns)))
     AND NOT EXISTS (SELECT FROM members m WHERE m.classid = d.classoid AND m.objid = d.objoid)
     AND d.classoid <> 'pg_extension'::regclass AND i.identity IS NOT NULL`,
  `SELECT 'label of ' || i.type, i.identity || ' ' || provider, label
   FROM pg_seclabel d, LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i`,
  `SELECT 'settings', coalesce('role:' || quote_ident(rolname), 'database'), setconfig::text
   FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole
   WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
];
