package access

import (
	"context"

	"presage"
)

type visitorKey struct{}

// visitor is who makes a request, as it turns out while it is answered.
type visitor struct{ account presage.Account }

// Watch returns a context under which name is heard, and the ID of whom it named: "-"
// for nobody, as long as nobody was.
func Watch(ctx context.Context) (context.Context, func() string) {
	v := &visitor{presage.Account{ID: "-"}}
	return context.WithValue(ctx, visitorKey{}, v), func() string { return v.account.ID }
}

// name tells who the caller is. It is for the goroutine that answers the request.
func name(ctx context.Context, a presage.Account) {
	if v, ok := ctx.Value(visitorKey{}).(*visitor); ok {
		v.account = a
	}
}

// Visitor is who makes the request: a person, or the holder of the admin key, whose ID
// is presage.AdminID. Empty before Check.
func Visitor(ctx context.Context) presage.Account {
	if v, ok := ctx.Value(visitorKey{}).(*visitor); ok && v.account.ID != "-" {
		return v.account
	}
	return presage.Account{}
}

// Person is who makes the request, false for the holder of the admin key and for nobody.
func Person(ctx context.Context) (presage.Account, bool) {
	a := Visitor(ctx)
	return a, a.ID != "" && a.ID != presage.AdminID
}

// Manages tells that who makes the request may do everything: a manager, or the holder of
// the admin key.
func Manages(ctx context.Context) bool { return manages(Visitor(ctx)) }

func manages(a presage.Account) bool { return a.ID == presage.AdminID || a.Is(presage.RoleManager) }
