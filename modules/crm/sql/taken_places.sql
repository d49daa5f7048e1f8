-- Of some places at the end of stages those that others have taken: the stage and where it ends now.
-- $1 tenant, $2 stages, $3 first place in each, $4 how many in each
select stage, coalesce(ceil((select position from deals
                             where tenant_id = $1 and stage_id = stage and position is not null
                             order by position desc limit 1)), 0)::bigint
from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as given (stage, first, many)
where exists (select from deals where tenant_id = $1 and stage_id = stage
              and position >= first::float8 and position < (first + many)::float8)
