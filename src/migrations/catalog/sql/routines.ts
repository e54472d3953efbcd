import { notMember } from "./common.ts";

const ENABLED = (column: string): string =>
  `CASE ${column} WHEN 'D' THEN ' disabled' WHEN 'R' THEN ' on replica' WHEN 'A' THEN ' always' ELSE '' END`;

/** An aggregate as the statement that makes it: PostgreSQL has no function for it. */
export const AGGREGATE = `format('CREATE AGGREGATE %s (%s) (%s)', proc.pronamespace::regnamespace || '.' || quote_ident(proc.proname),
  CASE WHEN proc.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(proc.oid) END, concat_ws(', ',
  'SFUNC = ' || aggtransfn::regproc, 'STYPE = ' || format_type(aggtranstype, NULL), 'SSPACE = ' || nullif(aggtransspace, 0),
  'FINALFUNC = ' || nullif(aggfinalfn, 0)::regproc, CASE WHEN aggfinalextra THEN 'FINALFUNC_EXTRA' END,
  CASE WHEN aggfinalfn <> 0 THEN 'FINALFUNC_MODIFY = ' || CASE aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
  'COMBINEFUNC = ' || nullif(aggcombinefn, 0)::regproc, 'SERIALFUNC = ' || nullif(aggserialfn, 0)::regproc,
  'DESERIALFUNC = ' || nullif(aggdeserialfn, 0)::regproc, 'INITCOND = ' || quote_literal(agginitval),
  'MSFUNC = ' || nullif(aggmtransfn, 0)::regproc, 'MINVFUNC = ' || nullif(aggminvtransfn, 0)::regproc,
  'MSTYPE = ' || format_type(nullif(aggmtranstype, 0), NULL), 'MSSPACE = ' || nullif(aggmtransspace, 0),
  'MFINALFUNC = ' || nullif(aggmfinalfn, 0)::regproc, CASE WHEN aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
  'MINITCOND = ' || quote_literal(aggminitval),
  'SORTOP = ' || (SELECT format('OPERATOR(%s.%s)', oprnamespace::regnamespace, oprname) FROM pg_operator o WHERE o.oid = nullif(aggsortop, 0)),
  'PARALLEL = ' || CASE proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END,
  CASE WHEN aggkind = 'h' THEN 'HYPOTHETICAL' END))`;

const otherOperator = (oid: string): string =>
  `(SELECT format('OPERATOR(%s.%s)', n.oprnamespace::regnamespace, n.oprname) FROM pg_operator n WHERE n.oid = ${oid})`;

export const OPERATOR = `format('CREATE OPERATOR %s.%s (%s)', o.oprnamespace::regnamespace, o.oprname, concat_ws(', ',
  'FUNCTION = ' || o.oprcode::regproc, 'LEFTARG = ' || format_type(nullif(o.oprleft, 0), NULL),
  'RIGHTARG = ' || format_type(o.oprright, NULL), 'COMMUTATOR = ' || ${otherOperator("o.oprcom")},
  'NEGATOR = ' || ${otherOperator("o.oprnegate")}, 'RESTRICT = ' || nullif(o.oprrest, 0)::regproc,
  'JOIN = ' || nullif(o.oprjoin, 0)::regproc, CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END))`;

export const OPERATOR_ID = `format('%s.%s(%s,%s)', o.oprnamespace::regnamespace, o.oprname,
  coalesce(format_type(nullif(o.oprleft, 0), NULL), 'NONE'), format_type(o.oprright, NULL))`;

export const POLICY = `format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', polname, polrelid::regclass,
  CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
  CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
  (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', '
    ORDER BY pg_get_userbyid(r)::text) FROM unnest(polroles) r))
  || coalesce(' USING (' || pg_get_expr(polqual, polrelid) || ')', '')
  || coalesce(' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')', '')`;

/** Not those that come with a type. */
export const OWN_CAST = `c.oid >= 16384 AND NOT EXISTS
  (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype IN ('i', 'e'))`;

/** Functions, operators, triggers, rules, policies, publications. Each part selects kind, identity, definition. */
export const ROUTINE_PARTS = [
  `SELECT proc.kind, proc.key, pg_get_functiondef(proc.oid) FROM proc WHERE prokind <> 'a'`,
  `SELECT proc.kind, proc.key, ${AGGREGATE} FROM proc JOIN pg_aggregate a ON a.aggfnoid = proc.oid`,
  `SELECT 'operator', ${OPERATOR_ID}, ${OPERATOR} FROM pg_operator o JOIN ns ON ns.oid = o.oprnamespace
   WHERE o.oprcode <> 0 AND ${notMember("pg_operator", "o.oid")}`,
  `SELECT 'trigger', rel.key || '.' || tgname, pg_get_triggerdef(t.oid) || ${ENABLED("tgenabled")}
   FROM rel JOIN pg_trigger t ON t.tgrelid = rel.oid WHERE NOT tgisinternal AND tgparentid = 0`,
  `SELECT 'event trigger', evtname, format('on %s execute %s', evtevent, evtfoid::regprocedure)
     || coalesce(' when tag in ' || evttags::text, '') || ${ENABLED("evtenabled")}
   FROM pg_event_trigger e WHERE ${notMember("pg_event_trigger", "e.oid")}`,
  `SELECT 'rule', rel.key || '.' || rulename, pg_get_ruledef(r.oid) || ${ENABLED("ev_enabled")}
   FROM rel JOIN pg_rewrite r ON r.ev_class = rel.oid WHERE rulename <> '_RETURN'`,
  `SELECT 'policy', rel.key || '.' || polname, ${POLICY} FROM rel JOIN pg_policy ON polrelid = rel.oid`,
  `SELECT 'publication', pubname, (to_jsonb(p) - '{oid,pubname,pubowner}'::text[])::text
     || coalesce((SELECT string_agg(format(' table %s columns %s where %s', prrelid::regclass,
          coalesce((SELECT string_agg(quote_ident(attname), ',' ORDER BY attname) FROM pg_attribute
            WHERE attrelid = prrelid AND attnum = ANY (prattrs)), 'all'), coalesce(pg_get_expr(prqual, prrelid), 'true')), ''
        ORDER BY prrelid::regclass::text) FROM pg_publication_rel WHERE prpubid = p.oid), '')
     || coalesce((SELECT string_agg(' schema ' || pnnspid::regnamespace, '' ORDER BY pnnspid::regnamespace::text)
        FROM pg_publication_namespace WHERE pnpubid = p.oid), '')
   FROM pg_publication p`,
  `SELECT 'cast', format('%s as %s', format_type(castsource, NULL), format_type(casttarget, NULL)),
     format('function %s context %s method %s', castfunc::regprocedure, castcontext, castmethod)
   FROM pg_cast c WHERE ${OWN_CAST}`,
  `SELECT 'text search dictionary', ns.key || '.' || dictname, format('template %s options %s', tmplname, dictinitoption)
   FROM pg_ts_dict d JOIN ns ON ns.oid = dictnamespace JOIN pg_ts_template t ON t.oid = dicttemplate WHERE ${notMember("pg_ts_dict", "d.oid")}`,
  `SELECT 'text search configuration', ns.key || '.' || cfgname,
     (SELECT prsname FROM pg_ts_parser p WHERE p.oid = cfgparser) || coalesce((SELECT string_agg(format(' %s:%s', maptokentype,
        mapdict::regdictionary), '' ORDER BY maptokentype, mapseqno) FROM pg_ts_config_map WHERE mapcfg = c.oid), '')
   FROM pg_ts_config c JOIN ns ON ns.oid = cfgnamespace WHERE ${notMember("pg_ts_config", "c.oid")}`,
  // Rare kinds are told by being there.
  ...[
    "pg_opclass",
    "pg_opfamily",
    "pg_conversion",
    "pg_language",
    "pg_am",
    "pg_foreign_data_wrapper",
    "pg_transform",
    "pg_ts_parser",
    "pg_ts_template",
  ].map(
    (catalog) => `SELECT i.type, i.identity, i.type FROM ${catalog} o,
      LATERAL pg_identify_object('${catalog}'::regclass, o.oid, 0) i WHERE o.oid >= 16384 AND ${notMember(catalog, "o.oid")}`,
  ),
  `SELECT 'server', srvname, format('wrapper %s', srvfdw) || coalesce(' ' || srvoptions::text, '') FROM pg_foreign_server`,
];
