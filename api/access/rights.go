package access

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"presage"
)

// NoRightError is a person who is logged in and may not do this: another login would
// not help, another role would.
type NoRightError struct{ Account presage.Account }

func (e NoRightError) Error() string {
	return fmt.Sprintf("%v: the roles of %s do not allow this; a manager changes them at /accounts",
		presage.ErrForbidden, e.Account.Name)
}

// Unwrap makes it an ErrForbidden.
func (e NoRightError) Unwrap() error { return presage.ErrForbidden }

// right is one row of the table: who may read at an address, and who may act there; the
// roles by their first letters. A path that ends with /* is all below it, another * is
// one part of the path.
type right struct {
	reads, acts string // of a(dviser), t(echnician), p(lanner)
	path        string
}

// rights of who is no manager; what no row names is the managers' alone. The first
// row that fits decides.
func rights() []right {
	return slices.Concat(carRights(), benchRights(), customerRights(), partRights())
}

// carRights are about oneself and the cars.
func carRights() []right {
	return []right{
		{"atp", "atp", "/mine"},
		{"atp", "atp", "/login"},
		{"atp", "atp", "/login/*"},
		{"atp", "", "/v1/me"},
		{"atp", "", "/"},
		{"atp", "", "/v1/overview"},
		{"atp", "", "/vehicles"},
		{"atp", "", "/vehicles/*"},
		{"", "", "/v1/vehicles/credentials"},
		{"", "", "/v1/vehicles/held"},
		{"", "", "/v1/vehicles/*/credentials"},
		{"atp", "", "/v1/vehicles"},
		{"atp", "", "/v1/vehicles/*"},
		{"atp", "", "/v1/alerts"},
		{"atp", "", "/recalls"},
		{"atp", "", "/v1/recalls"},
		{"atp", "", "/v1/recalls/*"},
	}
}

// benchRights are about the workshop.
func benchRights() []right {
	return []right{
		{"at", "a", "/workshop"},
		{"at", "a", "/workshop/*"},
		{"at", "at", "/job/*"},
		{"at", "at", "/bookings/*/arrive"},
		{"a", "a", "/bookings/*"},
		{"at", "at", "/v1/bookings/*/job"},
		{"at", "at", "/v1/bookings/*/stage"},
		{"at", "at", "/v1/bookings/*/checks"},
		{"at", "at", "/v1/bookings/*/arrive"},
		{"at", "at", "/v1/bookings/*/result/*"},
		{"at", "at", "/v1/bookings/*/photos"},
		{"at", "at", "/v1/bookings/*/photos/*"},
		{"at", "a", "/v1/bookings"},
		{"at", "a", "/v1/bookings/*"},
		{"at", "at", "/v1/results"},
		{"at", "a", "/v1/workshops/*"},
		{"a", "", "/v1/slots"},
		{"a", "", "/v1/slots/*"},
		{"a", "", "/v1/waiting-list"},
	}
}

func customerRights() []right {
	return []right{
		{"at", "at", "/rescue"},
		{"at", "at", "/rescue/*"},
		{"at", "at", "/v1/rescues"},
		{"at", "at", "/v1/rescues/*"},
		{"a", "a", "/cases"},
		{"a", "a", "/cases/*"},
		{"a", "a", "/v1/cases"},
		{"a", "a", "/v1/cases/*"},
		{"a", "a", "/outreach/conversations"},
		{"a", "a", "/outreach/conversations/*"},
		{"a", "a", "/v1/conversations"},
		{"a", "a", "/v1/conversations/*"},
		{"a", "", "/customers/*"},
		{"", "a", "/customers/*/preferred"},
		{"a", "", "/outreach/articles"},
		{"a", "", "/v1/articles"},
		{"a", "", "/v1/articles/*"},
		{"a", "", "/outreach/advisers"},
		{"a", "", "/v1/advisers"},
		{"a", "", "/outreach/stages"},
		{"a", "", "/outbox"},
		{"a", "", "/v1/messages"},
		{"a", "", "/v1/coupons"},
	}
}

func partRights() []right {
	return []right{
		{"ap", "p", "/parts"},
		{"ap", "p", "/parts/*"},
		{"ap", "p", "/v1/parts/*"},
		{"ap", "p", "/orders"},
		{"ap", "p", "/orders/*"},
		{"ap", "p", "/v1/orders"},
		{"ap", "p", "/v1/orders/*"},
		{"ap", "p", "/transfers"},
		{"ap", "p", "/transfers/*"},
		{"ap", "p", "/v1/transfers"},
		{"ap", "p", "/v1/transfers/*"},
		{"ap", "p", "/stock"},
		{"ap", "p", "/stock/*"},
		{"ap", "p", "/v1/stock"},
		{"ap", "p", "/v1/stock/*"},
	}
}

// May tells whether a person may ask for an address with a method.
func May(a presage.Account, method, address string) bool {
	if manages(a) {
		return true
	}
	for _, r := range rights() {
		if !r.fits(address) {
			continue
		}
		who := r.acts
		if method == http.MethodGet || method == http.MethodHead {
			who = r.reads
		}
		return strings.ContainsFunc(who, func(letter rune) bool {
			for _, role := range a.Roles {
				if strings.HasPrefix(string(role), string(letter)) {
					return true
				}
			}
			return false
		})
	}
	return false
}

func (r right) fits(address string) bool {
	if ok, err := path.Match(r.path, address); ok && err == nil {
		return true
	}
	above, all := strings.CutSuffix(r.path, "/*")
	if !all {
		return false
	}
	parts := strings.Split(address, "/")
	if n := strings.Count(above, "/") + 1; len(parts) > n {
		ok, err := path.Match(above, strings.Join(parts[:n], "/"))
		return ok && err == nil
	}
	return false
}
