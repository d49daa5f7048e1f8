-- $1 tenant, $2 the pipeline that stays the default
update pipelines set is_default = false where tenant_id = $1 and is_default and id <> $2
