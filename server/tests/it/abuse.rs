//! What an attacker tries: forged tokens, sessions that should be over, injected statements, answers
//! that tell more than they say, pictures that are none, and source text that would let it happen.

mod construction;
mod forged;
mod injected;
mod kept;
mod payloads;
mod pictures;
mod revoked;
mod telling;
