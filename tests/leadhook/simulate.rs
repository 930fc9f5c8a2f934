//! `leadhook simulate`: ladders on paper and against an endpoint, for one lead and for many.

mod journal;
mod ladder;
mod live;
mod outage;
