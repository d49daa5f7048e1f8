-- The words that records are found by, and how text is cut into words. `store::words` does the same for plain
-- texts, without asking the database; what a word is, is said here.

-- Lower case, without accents, of at most the first 4,000 characters. A collation is named so that
-- words are the same in every database, whatever its locale.
CREATE FUNCTION app.folded(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT lower(CASE
       WHEN octet_length(given) = length(given) THEN left(given, 4000)
       ELSE regexp_replace(normalize(left(given, 4000), NFKD),
                           '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]', '', 'g')
   END COLLATE "und-x-icu") $$;

-- The words of a text: runs of letters and digits; e-mail addresses whole as well; numbers written in
-- groups, such as phone numbers, as one run too, of international ones without the country's one to
-- three digits besides. Words are cut at 64 characters.
CREATE FUNCTION app.words(given text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8 AS
$$ WITH folded AS (SELECT app.folded(given) AS t),
        numbers AS (
            SELECT ltrim(regexp_replace(m[1], '[^0-9]', '', 'g'), '0') AS digits, m[1] ~ '^(\+|00)' AS abroad
              FROM folded, regexp_matches(CASE WHEN t ~ '[0-9]{2}' THEN t END,
                                          '(\+?[0-9][0-9 ()./-]{5,}[0-9])', 'g') m)
   SELECT DISTINCT left(word, 64) COLLATE "C" FROM (
       SELECT regexp_split_to_table(t, '[^[:alnum:]]+') FROM folded
       UNION ALL
       SELECT rtrim(m[1], '.-')
         FROM folded, regexp_matches(CASE WHEN strpos(t, '@') > 0 THEN t END,
                                     '([[:alnum:]._%+-]+@[[:alnum:].-]+)', 'g') m
       UNION ALL
       SELECT substr(digits, 1 + n)
         FROM numbers, generate_series(0, CASE WHEN abroad THEN 3 ELSE 0 END) n
        WHERE length(digits) BETWEEN 7 AND 15
   ) found (word) WHERE word <> '' $$;

-- The words of a search: as above, but an e-mail address stands for its parts, and a search that is
-- nothing but a number written in groups is that number.
CREATE FUNCTION app.asked_words(given text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 3 AS
$$ WITH folded AS (SELECT app.folded(given) AS t),
        number AS (
            SELECT digits FROM folded, ltrim(regexp_replace(t, '[^0-9]', '', 'g'), '0') digits
             WHERE t ~ '^[+0-9 ()./-]+$' AND length(digits) BETWEEN 7 AND 15)
   SELECT DISTINCT left(word, 64) COLLATE "C" FROM (
       SELECT digits FROM number
       UNION ALL
       SELECT regexp_split_to_table(regexp_replace(t, '[[:alnum:]._%+-]+@[[:alnum:].-]*', ' ', 'g'), '[^[:alnum:]]+')
         FROM folded WHERE NOT EXISTS (SELECT FROM number)
       UNION ALL
       SELECT rtrim(m[1], '.-') FROM folded, regexp_matches(t, '([[:alnum:]._%+-]+@[[:alnum:].-]*)', 'g') m
   ) found (word) WHERE word <> '' $$;

-- What a record is found by: the words of its title weigh 2, those of its other searched fields 1.
CREATE FUNCTION app.weighted_words(title text, others text) RETURNS TABLE (word text, weight smallint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS
$$ SELECT w, max(n)::smallint
     FROM (SELECT w, 2 AS n FROM app.words(title) w UNION ALL SELECT w, 1 FROM app.words(others) w) each
    GROUP BY w $$;

GRANT EXECUTE ON FUNCTION app.folded(text), app.words(text), app.asked_words(text),
    app.weighted_words(text, text) TO app_user;

CREATE TABLE search_words (
    tenant_id uuid NOT NULL CONSTRAINT search_words_tenant_id_fkey REFERENCES tenants (id) ON DELETE CASCADE,
    collection text COLLATE "C" NOT NULL,
    word text COLLATE "C" NOT NULL,
    -- 2 in the title, 1 elsewhere
    weight smallint NOT NULL,
    document_id uuid NOT NULL,
    CONSTRAINT search_words_pkey PRIMARY KEY (tenant_id, collection, word, weight, document_id)
);
-- Whether a record that one word has found has the others too.
CREATE INDEX search_words_document_idx ON search_words (tenant_id, document_id, word, weight);

ALTER TABLE search_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE search_words FORCE ROW LEVEL SECURITY;

CREATE POLICY search_words_select ON search_words FOR SELECT TO app_user
    USING (tenant_id = (SELECT app.here()) OR tenant_id IN (SELECT v.id FROM unnest(app.visible()) v(id)));
CREATE POLICY search_words_insert ON search_words FOR INSERT TO app_user
    WITH CHECK (tenant_id = (SELECT app.tenant()));
CREATE POLICY search_words_delete ON search_words FOR DELETE TO app_user
    USING (tenant_id = (SELECT app.tenant()));

-- A word is never changed: it goes and another comes.
GRANT SELECT, INSERT, DELETE ON search_words TO app_user;
