-- Before many rows: indexes and foreign keys of the filled tables are set aside; growth_restore.sql
-- makes them again from what is kept here. The primary keys that others refer to stay.

CREATE TEMP TABLE kept AS
SELECT c.conrelid::regclass AS "table", c.conname AS name, c.contype = 'p' AS first, true AS is_constraint,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) AS make
  FROM pg_constraint c
 WHERE c.conrelid = ANY ('{companies,contacts,deals,search_words}'::regclass[])
   AND (c.contype = 'f' OR c.contype = 'p' AND c.conrelid = 'search_words'::regclass)
UNION ALL
SELECT i.indrelid::regclass, i.indexrelid::regclass::name, true, false, pg_get_indexdef(i.indexrelid)
  FROM pg_index i
 WHERE i.indrelid = ANY ('{companies,contacts,deals,search_words}'::regclass[]) AND NOT i.indisprimary;

SELECT format(CASE WHEN is_constraint THEN 'ALTER TABLE %s DROP CONSTRAINT %I' ELSE 'DROP INDEX %2$I' END, "table", name)
  FROM kept ORDER BY is_constraint DESC, first \gexec
