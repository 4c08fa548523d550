package access

import "context"

type visitorKey struct{}

// visitor is who makes a request, as it turns out while it is answered.
type visitor struct{ user string }

// Watch returns a context under which name is heard, and who it named: "-" for
// nobody, as long as nobody was.
func Watch(ctx context.Context) (context.Context, func() string) {
	v := &visitor{user: "-"}
	return context.WithValue(ctx, visitorKey{}, v), func() string { return v.user }
}

// name tells the request log who the caller is. It is for the goroutine that
// answers the request.
func name(ctx context.Context, user string) {
	if v, ok := ctx.Value(visitorKey{}).(*visitor); ok {
		v.user = user
	}
}
