import { acl } from "./relations.ts";

const notMember = (classid: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM member m WHERE m.classid = '${classid}'::regclass AND m.objid = ${oid})`;

const schema = `
SELECT 'schema:' || n.nspname, concat_ws(' ', 'owner ' || n.nspowner::regrole, 'acl ' || ${acl("n.nspacl", "n", "n.nspowner")})
FROM pg_namespace n JOIN app ON app.oid = n.oid WHERE ${notMember("pg_namespace", "n.oid")}`;

const extension = `
SELECT 'extension:' || e.extname, e.extversion || ' in ' || e.extnamespace::regnamespace FROM pg_extension e WHERE e.extname <> 'plpgsql'`;

const type = `
SELECT 'type:' || app.nspname || '.' || t.typname,
  concat_ws(' ', CASE t.typtype
      WHEN 'e' THEN 'enum (' || (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) || ')'
      WHEN 'd' THEN concat_ws(' ', 'domain', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'not null' END, 'default ' || t.typdefault,
        CASE WHEN t.typcollation <> 0 AND t.typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = t.typbasetype) THEN 'collate ' || t.typcollation::regcollation END)
      WHEN 'c' THEN 'composite (' || (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) || ')'
      WHEN 'r' THEN 'range ' || (SELECT concat_ws(' ', format_type(r.rngsubtype, NULL), nullif(r.rngcanonical::oid, 0)::regproc, nullif(r.rngsubdiff::oid, 0)::regproc) FROM pg_range r WHERE r.rngtypid = t.oid)
      ELSE 'base' END,
    'owner ' || t.typowner::regrole, 'acl ' || ${acl("t.typacl", "T", "t.typowner")})
FROM pg_type t JOIN app ON app.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE (t.typtype IN ('e', 'd', 'r', 'b') OR (t.typtype = 'c' AND c.relkind = 'c')) AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
  AND ${notMember("pg_type", "t.oid")}`;

const routine = `
SELECT CASE p.prokind WHEN 'p' THEN 'procedure:' WHEN 'a' THEN 'aggregate:' ELSE 'function:' END
    || app.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
  concat_ws(' ', CASE p.prokind WHEN 'a' THEN
      (SELECT concat_ws(' ', format_type(p.prorettype, NULL), a.aggtransfn, a.aggfinalfn, format_type(a.aggtranstype, NULL), a.agginitval) FROM pg_aggregate a WHERE a.aggfnoid = p.oid)
      ELSE pg_get_functiondef(p.oid) END,
    'owner ' || p.proowner::regrole, 'acl ' || ${acl("p.proacl", "f", "p.proowner")})
FROM pg_proc p JOIN app ON app.oid = p.pronamespace
WHERE ${notMember("pg_proc", "p.oid")} AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_type r ON r.oid = d.refobjid AND r.typtype IN ('r', 'm')
  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i')`;

const trigger = `
SELECT 'trigger:' || app.nspname || '.' || c.relname || '.' || t.tgname,
  pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'O' THEN '' WHEN 'D' THEN ' disabled' WHEN 'R' THEN ' replica' ELSE ' always' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN app ON app.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND ${notMember("pg_trigger", "t.oid")}`;

const eventTrigger = `
SELECT 'event trigger:' || e.evtname, concat_ws(' ', e.evtevent, e.evtfoid::regproc, e.evttags::text, e.evtenabled::text, 'owner ' || e.evtowner::regrole)
FROM pg_event_trigger e WHERE ${notMember("pg_event_trigger", "e.oid")}`;

const rule = `
SELECT 'rule:' || app.nspname || '.' || c.relname || '.' || r.rulename, pg_get_ruledef(r.oid)
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN app ON app.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND ${notMember("pg_rewrite", "r.oid")}`;

const policy = `
SELECT 'policy:' || app.nspname || '.' || c.relname || '.' || p.polname,
  concat_ws(' ', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, p.polcmd::text,
    'to ' || (SELECT string_agg(CASE role WHEN 0 THEN 'public' ELSE role::regrole::text END, ', ' ORDER BY role) FROM unnest(p.polroles) AS role),
    'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN app ON app.oid = c.relnamespace`;

const publication = `
SELECT 'publication:' || p.pubname, concat_ws(' ', CASE WHEN p.puballtables THEN 'all tables' END,
  CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END,
  (SELECT string_agg(r.prrelid::regclass::text, ', ' ORDER BY r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = p.oid), 'owner ' || p.pubowner::regrole)
FROM pg_publication p`;

const statistics = `
SELECT 'statistics:' || app.nspname || '.' || s.stxname, pg_get_statisticsobjdef(s.oid)
FROM pg_statistic_ext s JOIN app ON app.oid = s.stxnamespace WHERE ${notMember("pg_statistic_ext", "s.oid")}`;

const operator = `
SELECT 'operator:' || app.nspname || '.' || o.oprname || '(' || format_type(o.oprleft, NULL) || ',' || format_type(o.oprright, NULL) || ')', o.oprcode::text
FROM pg_operator o JOIN app ON app.oid = o.oprnamespace WHERE ${notMember("pg_operator", "o.oid")}`;

const collation = `
SELECT 'collation:' || app.nspname || '.' || k.collname, concat_ws(' ', k.collprovider::text, k.collcollate, k.collctype)
FROM pg_collation k JOIN app ON app.oid = k.collnamespace WHERE ${notMember("pg_collation", "k.oid")}`;

const cast = `
SELECT 'cast:' || format_type(k.castsource, NULL) || ' as ' || format_type(k.casttarget, NULL),
  concat_ws(' ', nullif(k.castfunc, 0)::regprocedure::text, k.castcontext::text)
FROM pg_cast k WHERE k.oid >= 16384 AND ${notMember("pg_cast", "k.oid")}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = k.oid AND d.deptype = 'i')`;

const defaultPrivileges = `
SELECT 'default privileges:' || d.defaclrole::regrole || '.' || coalesce(app.nspname, '*') || '.' || d.defaclobjtype::text,
  (SELECT string_agg(item::text, ',' ORDER BY item::text) FROM unnest(d.defaclacl) AS item)
FROM pg_default_acl d LEFT JOIN app ON app.oid = d.defaclnamespace`;

const comment = `
SELECT 'comment:' || pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description
FROM pg_description d
WHERE d.objoid >= 16384 AND pg_describe_object(d.classoid, d.objoid, d.objsubid) IS NOT NULL
  AND d.classoid NOT IN ('pg_extension'::regclass)
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = d.classoid AND m.objid = d.objoid)`;

export const OTHER_PARTS = [
  ...[schema, extension, type, routine, trigger, eventTrigger, rule, policy, publication, statistics],
  ...[operator, collation, cast, defaultPrivileges, comment],
];
