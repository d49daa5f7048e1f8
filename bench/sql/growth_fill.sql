-- Contacts number :from to :to - 1 over :tenants tenants, run by the owner: a company for each ten of a
-- tenant, a deal for every second, and the words that all of them are found by, cut by the functions the
-- engine uses. :from and :to are multiples of 10 times :tenants.

ALTER TABLE companies NO FORCE ROW LEVEL SECURITY;
ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE deals NO FORCE ROW LEVEL SECURITY;
ALTER TABLE pipelines NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stages NO FORCE ROW LEVEL SECURITY;
ALTER TABLE search_words NO FORCE ROW LEVEL SECURITY;

INSERT INTO companies (tenant_id, id, name, lifecycle, updated_at, created_at)
SELECT growth.id(4, n % :tenants), growth.id(3, n), 'Company ' || n, 'lead', now(),
       timestamptz '2024-01-01' + n * interval '110 seconds'
  FROM generate_series(:from::bigint / 10, :to::bigint / 10 - 1) n;

INSERT INTO contacts (tenant_id, id, name, first_name, last_name, email, company_id, lifecycle, updated_at, created_at)
SELECT growth.id(4, n % :tenants), growth.id(1, n), p.first || ' ' || p.last, p.first, p.last,
       'person' || n || '@example.com', growth.id(3, n / :tenants / 10 * :tenants + n % :tenants), 'lead', now(),
       timestamptz '2024-01-01' + n * interval '11 seconds'
  FROM generate_series(:from::bigint, :to::bigint - 1) n,
       LATERAL (SELECT (ARRAY['Maria', 'Ana', 'Luis', 'Carmen', 'Jose', 'Lucia', 'Pedro', 'Sofia', 'Juan', 'Elena',
                              'John', 'Mary', 'Anna', 'Peter', 'Julia', 'Paul', 'Laura', 'Mark', 'Emma', 'David',
                              'Marta', 'Olga', 'Ivan', 'Nina', 'Omar', 'Lena', 'Hugo', 'Iris', 'Noah', 'Ruth'
                              ])[1 + n / :tenants % 30] AS first,
                       'Last' || n * 7919 % 100003 AS last) p;

INSERT INTO deals (tenant_id, id, name, pipeline_id, stage_id, status, value_amount, value_currency,
                   primary_contact_id, company_id, position, updated_at, created_at)
SELECT growth.id(4, n % :tenants), growth.id(2, n), 'Deal ' || n, growth.id(5, n % :tenants),
       growth.id(6, n % :tenants * 10 + s), (ARRAY['open', 'open', 'open', 'won', 'lost'])[s],
       n * 7919 % 5000000, 'USD', growth.id(1, n), growth.id(3, n / :tenants / 10 * :tenants + n % :tenants), n, now(),
       timestamptz '2024-01-01' + n * interval '11 seconds'
  FROM generate_series(:from::bigint, :to::bigint - 1) n, LATERAL (SELECT (1 + n / :tenants / 2 % 5)::int AS s) stage
 WHERE n / :tenants % 2 = 0;

INSERT INTO search_words (tenant_id, collection, word, weight, document_id)
SELECT t.tenant_id, 'contacts', w.word, w.weight, t.id
  FROM contacts t CROSS JOIN LATERAL app.weighted_words(t.name, t.email) w
 WHERE t.id >= growth.id(1, :from) AND t.id < growth.id(1, :to);
INSERT INTO search_words (tenant_id, collection, word, weight, document_id)
SELECT t.tenant_id, 'deals', w.word, w.weight, t.id
  FROM deals t CROSS JOIN LATERAL app.weighted_words(t.name, '') w
 WHERE t.id >= growth.id(2, :from) AND t.id < growth.id(2, :to);
INSERT INTO search_words (tenant_id, collection, word, weight, document_id)
SELECT t.tenant_id, 'companies', w.word, w.weight, t.id
  FROM companies t CROSS JOIN LATERAL app.weighted_words(t.name, '') w
 WHERE t.id >= growth.id(3, :from / 10) AND t.id < growth.id(3, :to / 10);
