-- The indexes and foreign keys that growth_lift.sql set aside.

SET maintenance_work_mem = '512MB';
SELECT make FROM kept ORDER BY first DESC, name \gexec
