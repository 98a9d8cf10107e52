//! Methods stay, with what goes in and what comes out.

use super::super::pairs::{Annotations, Pairs, by};
use super::files::text;
use crate::protobuf::schema::{Schema, Service};
use crate::protobuf::tree::{Method, Side, place};

struct Pair<'a> {
    service: (&'a Service<'a>, &'a Service<'a>),
    old: &'a Method,
    new: &'a Method,
}

fn methods<'a>(pairs: &Pairs<'a>) -> Vec<Pair<'a>> {
    let mut res = Vec::new();
    for &service in &pairs.services {
        let new = by(service.1.node.methods.iter(), |it| it.name.as_str());
        let pair = |old: &'a Method| Some(Pair { service, old, new: *new.get(old.name.as_str())? });
        res.extend(service.0.node.methods.iter().filter_map(pair));
    }
    res
}

/// `RPC_NO_DELETE`
pub(in super::super) fn no_delete(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in &pairs.services {
        let kept = by(new.node.methods.iter(), |it| it.name.as_str());
        for it in &old.node.methods {
            if !kept.contains_key(it.name.as_str()) {
                let message = format!("The RPC `{}` of the service `{}` was deleted.", it.name, new.node.name);
                out.add(pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span), message);
            }
        }
    }
}

/// `RPC_SAME_CLIENT_STREAMING`
pub(in super::super) fn same_client_streaming(pairs: &Pairs<'_>, out: &mut Annotations) {
    streaming(pairs, "client", |it| &it.input, out);
}

/// `RPC_SAME_SERVER_STREAMING`
pub(in super::super) fn same_server_streaming(pairs: &Pairs<'_>, out: &mut Annotations) {
    streaming(pairs, "server", |it| &it.output, out);
}

fn streaming(pairs: &Pairs<'_>, who: &str, side: fn(&Method) -> &Side, out: &mut Annotations) {
    let name = |streaming| if streaming { "streaming" } else { "unary" };
    for Pair { service, old, new } in methods(pairs) {
        let (before, after) = (side(old).streaming, side(new).streaming);
        if before != after {
            let (rpc, of) = (&new.name, &service.1.node.name);
            let message =
                format!("The RPC `{rpc}` of `{of}` changed from {who} {} to {who} {}.", name(before), name(after));
            out.add(pairs.is(service.1.file, new.span), pairs.was(service.0.file, old.span), message);
        }
    }
}

/// `RPC_SAME_REQUEST_TYPE`
pub(in super::super) fn same_request_type(pairs: &Pairs<'_>, out: &mut Annotations) {
    types(pairs, "request", |it| &it.input, out);
}

/// `RPC_SAME_RESPONSE_TYPE`
pub(in super::super) fn same_response_type(pairs: &Pairs<'_>, out: &mut Annotations) {
    types(pairs, "response", |it| &it.output, out);
}

fn types(pairs: &Pairs<'_>, what: &str, side: fn(&Method) -> &Side, out: &mut Annotations) {
    let full = |schema: &Schema<'_>, file, side: &Side| schema.resolve(&side.name, schema.package(file)).full;
    for Pair { service, old, new } in methods(pairs) {
        let before = full(pairs.old, service.0.file, side(old));
        let after = full(pairs.new, service.1.file, side(new));
        if before != after {
            let (rpc, of) = (&new.name, &service.1.node.name);
            let message = format!("The RPC `{rpc}` of `{of}` changed its {what} type from `{before}` to `{after}`.");
            out.add(pairs.is(service.1.file, side(new).span), pairs.was(service.0.file, side(old).span), message);
        }
    }
}

/// `RPC_SAME_IDEMPOTENCY_LEVEL`
pub(in super::super) fn same_idempotency_level(pairs: &Pairs<'_>, out: &mut Annotations) {
    const OPTION: &str = "idempotency_level";
    for Pair { service, old, new } in methods(pairs) {
        let before = text(&old.options, OPTION, "IDEMPOTENCY_UNKNOWN");
        let after = text(&new.options, OPTION, "IDEMPOTENCY_UNKNOWN");
        if before != after {
            let (rpc, of) = (&new.name, &service.1.node.name);
            let message = format!("The RPC `{rpc}` of `{of}` changed its `{OPTION}` from {before} to {after}.");
            let is = pairs.is(service.1.file, place(&new.options, OPTION, OPTION));
            out.add(is, pairs.was(service.0.file, place(&old.options, OPTION, OPTION)), message);
        }
    }
}
