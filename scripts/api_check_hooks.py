"""What schemathesis is told for `make api-check`: NDJSON is text, sent as it was made up."""
import schemathesis


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "ignore")
