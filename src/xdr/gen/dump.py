"""The schema as JSON, in the form of the schema document that js-stellar-sdk publishes."""

from . import model


def kind(expression):
    out = {"kind": expression.kind}
    if isinstance(expression, model.Ref):
        out["name"] = expression.name
    elif isinstance(expression, model.OpaqueFixed):
        out["size"] = expression.size
    elif isinstance(expression, (model.OpaqueVar, model.String)):
        if expression.bound is not None:
            out["max_size"] = expression.bound
    elif isinstance(expression, (model.Array, model.VarArray, model.Optional)):
        out["element"] = kind(expression.element)
        if isinstance(expression, model.Array):
            out["count"] = expression.count
        elif isinstance(expression, model.VarArray) and expression.bound is not None:
            out["max_count"] = expression.bound
    return out


def arm(made):
    cases = [{"value": c.value} | ({"name": c.name} if c.name else {}) for c in made.cases]
    out = {"cases": cases, "name": made.name}
    if made.name is not None:
        out["type"] = kind(made.type)
    return out


def definition(schema, made):
    out = {"kind": made.kind, "name": made.name}
    if made.kind == "const":
        out["value"] = made.value
    elif made.kind == "typedef":
        out["type"] = kind(made.type)
    elif made.kind == "enum":
        out["members"] = [{"name": m.name, "value": m.value} for m in made.members]
    else:
        out["fixed_size"] = schema.fixed(made)
        if made.kind == "struct":
            out["fields"] = [{"name": f.name, "type": kind(f.type)} for f in made.fields]
        else:
            tag = made.discriminant
            out["discriminant"] = {"name": tag.name, "type": kind(tag.type)}
            out["arms"] = [arm(a) for a in made.arms]
    return out


def schema(made):
    return {"definitions": [definition(made, d) for d in made.definitions]}
