-- no transaction
-- What a release may do to a table that is in use: a column, its values in batches, an index.
-- step
ALTER TABLE contacts ADD COLUMN score bigint;
-- step batches of contacts
UPDATE contacts SET score = length(name) WHERE (tenant_id, id) IN (
    SELECT tenant_id, id FROM contacts WHERE score IS NULL LIMIT 10000)
-- step alone
CREATE INDEX CONCURRENTLY contacts_score_idx ON contacts (tenant_id, score);
