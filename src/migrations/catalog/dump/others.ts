const notMember = (classid: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM member m WHERE m.classid = '${classid}'::regclass AND m.objid = ${oid})`;

const schemas = `
SELECT format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) FROM pg_namespace n JOIN app ON app.oid = n.oid
WHERE ${notMember("pg_namespace", "n.oid")} ORDER BY n.oid`;

const collations = `
SELECT format('CREATE COLLATION %I.%I (provider = %s, %s, deterministic = %s)', app.nspname, k.collname, CASE k.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
  coalesce(format('locale = %L', nullif(coalesce(to_jsonb(k) ->> 'colllocale', to_jsonb(k) ->> 'colliculocale'), '')), format('lc_collate = %L, lc_ctype = %L', k.collcollate, k.collctype)), k.collisdeterministic::text)
FROM pg_collation k JOIN app ON app.oid = k.collnamespace WHERE ${notMember("pg_collation", "k.oid")} ORDER BY k.oid`;

const types = `
SELECT CASE t.typtype
  WHEN 'e' THEN format('CREATE TYPE %I.%I AS ENUM (%s)', app.nspname, t.typname, (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
  WHEN 'd' THEN concat_ws(' ', format('CREATE DOMAIN %I.%I AS %s', app.nspname, t.typname, format_type(t.typbasetype, t.typtypmod)),
    CASE WHEN t.typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = t.typbasetype) THEN 'COLLATE ' || (SELECT format('%I.%I', n.nspname, k.collname) FROM pg_collation k JOIN pg_namespace n ON n.oid = k.collnamespace WHERE k.oid = t.typcollation) END,
    'DEFAULT ' || t.typdefault, CASE WHEN t.typnotnull THEN 'NOT NULL' END)
  WHEN 'c' THEN format('CREATE TYPE %I.%I AS (%s)', app.nspname, t.typname, (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
  WHEN 'r' THEN (SELECT format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s%s)', app.nspname, t.typname, format_type(r.rngsubtype, NULL), ', SUBTYPE_DIFF = ' || nullif(r.rngsubdiff::oid, 0)::regproc) FROM pg_range r WHERE r.rngtypid = t.oid)
  END
FROM pg_type t JOIN app ON app.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')) AND ${notMember("pg_type", "t.oid")} ORDER BY t.oid`;

const domainConstraints = `
SELECT format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', k.contypid::regtype, k.conname, pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN app ON app.oid = k.connamespace WHERE k.contypid <> 0 AND k.contype = 'c' AND ${notMember("pg_type", "k.contypid")} ORDER BY k.oid`;

const routines = `
SELECT CASE p.prokind WHEN 'a' THEN (SELECT format('CREATE AGGREGATE %I.%I(%s) (SFUNC = %s, STYPE = %s%s%s)', app.nspname, p.proname, coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'),
    a.aggtransfn, format_type(a.aggtranstype, NULL), ', FINALFUNC = ' || nullif(a.aggfinalfn::oid, 0)::regproc, format(', INITCOND = %L', a.agginitval)) FROM pg_aggregate a WHERE a.aggfnoid = p.oid)
  ELSE pg_get_functiondef(p.oid) END
FROM pg_proc p JOIN app ON app.oid = p.pronamespace WHERE ${notMember("pg_proc", "p.oid")}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i') ORDER BY p.oid`;

const casts = `
SELECT format('CREATE CAST (%s AS %s) %s%s', format_type(k.castsource, NULL), format_type(k.casttarget, NULL),
  CASE k.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || k.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END, CASE k.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END)
FROM pg_cast k WHERE k.oid >= 16384 AND ${notMember("pg_cast", "k.oid")}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = k.oid AND d.deptype = 'i') ORDER BY k.oid`;

const statistics = `
SELECT pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s JOIN app ON app.oid = s.stxnamespace WHERE ${notMember("pg_statistic_ext", "s.oid")} ORDER BY s.oid`;

const rules = `
SELECT pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN app ON app.oid = c.relnamespace WHERE r.rulename <> '_RETURN' AND ${notMember("pg_rewrite", "r.oid")} ORDER BY r.oid`;

const triggers = `
SELECT statement FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN app ON app.oid = c.relnamespace
CROSS JOIN LATERAL (VALUES (1, pg_get_triggerdef(t.oid)), (2, CASE WHEN t.tgenabled <> 'O' THEN format('ALTER TABLE %s %s TRIGGER %I', t.tgrelid::regclass,
  CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) END)) AS v(step, statement)
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND statement IS NOT NULL AND ${notMember("pg_trigger", "t.oid")} ORDER BY t.oid, step`;

const eventTriggers = `
SELECT format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s()', e.evtname, e.evtevent, ' WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ') FROM unnest(e.evttags) AS tag) || ')', e.evtfoid::regproc)
FROM pg_event_trigger e WHERE ${notMember("pg_event_trigger", "e.oid")} ORDER BY e.oid`;

const policies = `
SELECT format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, p.polrelid::regclass, CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
  CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
  (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ') FROM unnest(p.polroles) AS role),
  ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN app ON app.oid = c.relnamespace ORDER BY p.oid`;

const publications = `
SELECT format('CREATE PUBLICATION %I%s WITH (publish = %L)', p.pubname, CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE ' FOR TABLE ' || (SELECT string_agg(r.prrelid::regclass::text, ', ' ORDER BY r.oid) FROM pg_publication_rel r WHERE r.prpubid = p.oid) END,
  concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END))
FROM pg_publication p ORDER BY p.oid`;

/** What an object is called where it is commented: the names that pg_identify_object gives are those of the statement. */
const comments = `
SELECT format('COMMENT ON %s IS %L', CASE
    WHEN o.type = 'table column' THEN 'COLUMN ' || o.identity
    WHEN o.type LIKE '% column' THEN 'COLUMN ' || o.identity
    WHEN o.type = 'table constraint' THEN 'CONSTRAINT ' || o.identity
    WHEN o.type = 'domain constraint' THEN 'CONSTRAINT ' || regexp_replace(o.identity, ' on ', ' ON DOMAIN ')
    WHEN o.type IN ('composite type') THEN 'TYPE ' || o.identity
    WHEN o.type = 'statistics object' THEN 'STATISTICS ' || o.identity
    ELSE upper(o.type) || ' ' || o.identity END, d.description)
FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS o
WHERE d.objoid >= 16384 AND o.identity IS NOT NULL AND d.classoid <> 'pg_extension'::regclass
  AND NOT EXISTS (SELECT FROM member m WHERE m.classid = d.classoid AND m.objid = d.objoid) ORDER BY d.classoid, d.objoid, d.objsubid`;

export const OTHER_STATEMENTS = {
  first: [schemas, collations, types, domainConstraints],
  routines: [routines, casts],
  last: [statistics, rules, triggers, eventTriggers, policies, publications, comments],
};
