package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/api"
	"presage/api/access"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

const zhaoBody = `{"name":"Zhao Min","roles":["adviser"],"workshops":["w-2"],"lang":"zh"}`

// hire makes an account with a key of its own, as the admin.
func hire(t *testing.T, r *rig, id, body string) (key string) {
	t.Helper()
	admin := []string{"Authorization", "Bearer " + adminKey, "Content-Type", "application/json"}
	want(t, r.do(t, http.MethodPut, "/v1/accounts/"+id, body, admin...), http.StatusOK)
	return decode[struct{ Key string }](t, r.do(t, http.MethodPost, "/v1/accounts/"+id+"/key", "", admin...)).Key
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/v1/accounts"
	want(t, r.do(t, http.MethodPut, path+"/zhao", zhaoBody), http.StatusOK)
	want(t, r.do(t, http.MethodPut, path+"/other", zhaoBody), http.StatusConflict)
	want(t, r.do(t, http.MethodPut, path+"/zhao", strings.Replace(zhaoBody, "Zhao Min", "Zhao", 1)), http.StatusConflict)
	bad := r.do(t, http.MethodPut, path+"/admin", `{"name":"manager","roles":["boss"],"workshops":[""],"lang":"fr"}`)
	want(t, bad, http.StatusUnprocessableEntity)
	for _, field := range []string{"body.id", "body.name", "body.roles[0]", "body.workshops[0]", "body.lang"} {
		if !strings.Contains(bad.body, field) {
			t.Errorf("%s is not named in %s", field, bad.body)
		}
	}
	if a := decode[list[presage.Account]](t, r.get(t, path)).Items; len(a) != 1 || a[0].Name != "Zhao Min" || a[0].HasKey {
		t.Errorf("accounts %+v", a)
	}
	if me := decode[presage.Account](t, r.get(t, "/v1/me")); me.ID != presage.AdminID {
		t.Errorf("with the admin key: %+v", me)
	}
	for _, op := range []string{"disable", "enable", "key", "link"} {
		want(t, r.json(t, path+"/nobody/"+op, ""), http.StatusNotFound)
	}
	off := decode[presage.Account](t, r.json(t, path+"/zhao/disable", ""))
	if !off.Disabled() {
		t.Errorf("disabled: %+v", off)
	}
	want(t, r.json(t, path+"/zhao/key", ""), http.StatusConflict)
	want(t, r.json(t, path+"/zhao/link", ""), http.StatusConflict)
	if on := decode[presage.Account](t, r.json(t, path+"/zhao/enable", "")); on.Disabled() {
		t.Errorf("enabled: %+v", on)
	}
}

// What a person does is under their name, whatever the request says; the admin names
// whom they please, as ever.
func TestAPersonSignsWithTheirName(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	key := hire(t, r, "zhao", zhaoBody)
	const act = `{"action":"called","outcome":"no_answer","who":"Somebody Else"}`
	bearer := []string{"Content-Type", "application/json", "Authorization", "Bearer "}
	for _, by := range []string{key, adminKey} {
		want(t, r.do(t, http.MethodPost, "/v1/cases/K001000/actions", act, append(slices.Clone(bearer[:3]), bearer[3]+by)...), http.StatusOK)
	}
	want(t, r.form(t, "/login", url.Values{"key": {key}}), http.StatusSeeOther)
	want(t, r.form(t, "/cases/K001000/actions", url.Values{
		"action": {"called"}, "outcome": {"no_answer"}, "who": {"Somebody Else"},
	}), http.StatusSeeOther)
	for i, who := range []string{"Zhao Min", "Somebody Else", "Zhao Min"} {
		if got := r.world.Actions[i].Who; got != who {
			t.Errorf("action %d is by %q, want %q", i, got, who)
		}
	}
	page := r.get(t, "/cases/K001000?lang=en").body
	if !strings.Contains(page, `value="Zhao Min" readonly`) || !strings.Contains(page, "Logged in: Zhao Min") {
		t.Error("the form does not show under which name it is sent")
	}
	if !strings.Contains(r.log.String(), "user=zhao") {
		t.Error("the request log does not name the account")
	}
	if strings.Contains(r.log.String(), key) {
		t.Error("the log holds a key")
	}
}

// What a role may do by a page it may do by the API, and nothing else.
func TestRights(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	keys := map[presage.Role]string{}
	for _, role := range presage.Roles() {
		keys[role] = hire(t, r, string(role), `{"name":"The `+string(role)+`","roles":["`+string(role)+`"],"lang":"en"}`)
	}
	for _, x := range []struct {
		method, path string
		roles        string // who may, by their first letters
	}{
		{"GET", "/", "matp"},
		{"GET", "/mine", "matp"},
		{"GET", "/vehicles/" + vin(), "matp"},
		{"GET", "/v1/me", "matp"},
		{"GET", "/v1/vehicles/" + vin() + "/health", "matp"},
		{"GET", "/v1/vehicles/credentials", "m"},
		{"GET", "/outreach/conversations", "ma"},
		{"GET", "/v1/conversations", "ma"},
		{"GET", "/cases", "ma"},
		{"GET", "/outbox", "ma"},
		{"GET", "/rescue", "mat"},
		{"GET", "/orders", "map"},
		{"GET", "/v1/stock", "map"},
		{"POST", "/v1/orders/none/acts", "mp"},
		{"GET", "/transfers", "map"},
		{"GET", "/v1/transfers", "map"},
		{"POST", "/v1/transfers/advice", "mp"},
		{"POST", "/transfers/none/acts", "mp"},
		{"POST", "/stock/movements", "mp"},
		{"GET", "/workshop", "mat"},
		{"GET", "/parts", "map"},
		{"GET", "/v1/parts/forecast", "map"},
		{"GET", "/outreach/policy", "m"},
		{"GET", "/v1/policy", "m"},
		{"GET", "/data", "m"},
		{"GET", "/accounts", "m"},
		{"GET", "/v1/accounts", "m"},
		{"POST", "/v1/bookings/none/arrive", "mat"},
		{"POST", "/v1/bookings/none%2Farrive/cancel", "ma"},
		{"POST", "/v1/bookings/none/cancel", "ma"},
		{"POST", "/v1/cases/none/read", "ma"},
		{"POST", "/v1/dead-letters/redrive", "m"},
		{"DELETE", "/v1/parts/overrides/9?by=x", "mp"},
		{"DELETE", "/v1/customers/none", "m"},
		{"POST", "/v1/accounts/none/disable", "m"},
		{"POST", "/accounts/none/key", "m"},
	} {
		for role, key := range keys {
			a := r.do(t, x.method, x.path, "{}", "Authorization", "Bearer "+key, "Content-Type", "application/json")
			may := strings.Contains(x.roles, string(role)[:1])
			if (a.StatusCode != http.StatusForbidden) != may || a.StatusCode == http.StatusUnauthorized {
				t.Errorf("%s %s as %s: %d, want allowed: %v", x.method, x.path, role, a.StatusCode, may)
			}
		}
	}
}

// Two processes on one database: a disabled account is out of both at once, whatever it
// came in by, and comes back by a new link alone.
func TestADisabledAccountIsOutEverywhere(t *testing.T) {
	t.Parallel()
	file := sqltest.NewFile(t)
	process := func() (*rig, *sqlstore.Store) {
		store := sqltest.OpenURL(t, file)
		return startOutside(t, func(_ *api.Config, d *api.Deps) {
			d.Logins, d.Persons, d.REST.Accounts, d.Web.Accounts = store, store, store, store
		}), store
	}
	one, _ := process()
	two, _ := process()
	key := hire(t, one, "zhao", zhaoBody)
	bearer := []string{"Authorization", "Bearer " + key}
	c := one.form(t, "/login", url.Values{"key": {key}}).Cookies()[0]
	session := []string{"Cookie", c.Name + "=" + c.Value}
	link := access.NewLink(adminKey, "zhao", time.Now().Add(time.Minute))
	admin := two.form(t, "/login", url.Values{"key": {adminKey}}).Cookies()[0]
	for _, r := range []*rig{one, two} {
		want(t, r.get(t, "/v1/cases", bearer...), http.StatusOK)
		want(t, r.get(t, "/mine", session...), http.StatusOK)
	}
	want(t, one.do(t, http.MethodPost, "/v1/accounts/zhao/disable", "", "Authorization", "Bearer "+adminKey), http.StatusOK)
	for _, r := range []*rig{one, two} {
		want(t, r.get(t, "/v1/cases", bearer...), http.StatusUnauthorized)
		want(t, r.get(t, "/mine", session...), http.StatusUnauthorized)
		want(t, r.get(t, link, "Cookie", "presage_session=none"), http.StatusForbidden)
		want(t, r.form(t, "/login", url.Values{"key": {key}}), http.StatusForbidden)
		want(t, r.get(t, "/cases", "Cookie", admin.Name+"="+admin.Value), http.StatusOK) // others are not met
	}
	want(t, two.do(t, http.MethodPost, "/v1/accounts/zhao/enable", "", "Authorization", "Bearer "+adminKey), http.StatusOK)
	want(t, one.get(t, "/mine", session...), http.StatusUnauthorized)
	want(t, one.get(t, "/v1/cases", bearer...), http.StatusUnauthorized)
	a := two.get(t, link, "Cookie", "presage_session=none")
	want(t, a, http.StatusSeeOther)
	if a.Header.Get("Location") != "/mine" {
		t.Errorf("the link leads to %s, want the person's own work", a.Header.Get("Location"))
	}
	want(t, one.get(t, link, "Cookie", "presage_session=none"), http.StatusForbidden) // once
}

// While nobody can look accounts up, nobody is let in by one; the admin key still works.
func TestAccountsCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	file := sqltest.NewFile(t)
	store := sqltest.OpenURL(t, file)
	r := startOutside(t, func(_ *api.Config, d *api.Deps) { d.Persons, d.REST.Accounts = store, store })
	key := hire(t, r, "zhao", zhaoBody)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	a := r.get(t, "/v1/cases", "Authorization", "Bearer "+key)
	if a.StatusCode < http.StatusInternalServerError {
		t.Errorf("%d, want the service's own fault", a.StatusCode)
	}
	want(t, r.get(t, "/v1/cases", "Authorization", "Bearer "+adminKey), http.StatusOK)
}

func TestAccountPages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const page = "/accounts"
	form := url.Values{"id": {"mia"}, "name": {"Mia Wang"}, "role": {"adviser", "technician"}, "language": {"en"}, "workshop": {"w-2"}}
	want(t, r.form(t, page, form), http.StatusSeeOther)
	form.Set("name", " ")
	form.Set("language", "fr")
	refused := r.form(t, page+"?lang=en", form)
	want(t, refused, http.StatusUnprocessableEntity)
	if !strings.Contains(refused.body, "the name (required") || !strings.Contains(refused.body, "the language (") {
		t.Error("the page does not name both faults")
	}
	list := r.get(t, page+"?lang=en&edit=mia").body
	for _, part := range []string{"Mia Wang", "Adviser, Technician", `value="w-2" checked`, `value="mia" readonly`} {
		if !strings.Contains(list, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	key := regexp.MustCompile(`pk_[A-Z2-7]{26}`).FindString(r.form(t, page+"/mia/key", nil).body)
	link := regexp.MustCompile(`/login/[\w-]+`).FindString(r.form(t, page+"/mia/link", nil).body)
	if key == "" || strings.Contains(r.get(t, page).body, key) {
		t.Errorf("key %q: want it shown once", key)
	}
	admin := r.key
	r.key = ""
	want(t, r.get(t, link), http.StatusSeeOther)
	mine := r.get(t, "/mine").body // the language is the account's
	for _, part := range []string{`lang="en"`, "My work", "Logged in: Mia Wang", "No conversation waits for you"} {
		if !strings.Contains(mine, part) {
			t.Errorf("the own page lacks %q", part)
		}
	}
	if strings.Contains(mine, `href="/data"`) || !strings.Contains(r.get(t, "/workshop").body, `value="w-2" selected`) {
		t.Error("the menu shows what the person may not see, or the board another workshop first")
	}
	refused = r.get(t, "/data")
	want(t, refused, http.StatusForbidden)
	if strings.Contains(refused.body, `name="key"`) || !strings.Contains(refused.body, "Mia Wang") {
		t.Error("want who is logged in told that another role is needed, not to log in")
	}
	r.key = admin
	want(t, r.form(t, page+"/mia/state", url.Values{"disabled": {"1"}}), http.StatusSeeOther)
	want(t, r.form(t, page+"/mia/link", nil), http.StatusConflict)
	want(t, r.form(t, page+"/mia/state", url.Values{"disabled": {"0"}}), http.StatusSeeOther)
	if got := r.get(t, "/mine?lang=en").body; !strings.Contains(got, "admin key") {
		t.Error("the admin's own page says nothing")
	}
}

// The own page lists what the person has, and nobody else's.
func TestMine(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	technician := hire(t, r, "chen", `{"name":"Chen Wei","roles":["technician"],"lang":"en"}`)
	adviser := hire(t, r, "zhao", zhaoBody)
	talk := decode[list[presage.Conversation]](t, r.get(t, "/v1/conversations?state=open", "Authorization", "Bearer "+adviser)).Items[0]
	give := `{"action":"assign","who":"x","owner":"Zhao Min"}`
	want(t, r.do(t, http.MethodPost, "/v1/conversations/"+talk.CustomerID+"/actions", give,
		"Authorization", "Bearer "+adviser, "Content-Type", "application/json"), http.StatusOK)
	mine := r.get(t, "/mine", "Authorization", "Bearer "+adviser).body
	if !strings.Contains(mine, `/outreach/conversations/`+talk.CustomerID) || strings.Contains(mine, "/job/") {
		t.Error("the adviser's page lacks their conversation, or has job cards")
	}
	mine = r.get(t, "/mine", "Authorization", "Bearer "+technician).body
	if strings.Contains(mine, "/outreach/conversations/") || !strings.Contains(mine, `id="visits"`) {
		t.Error("the technician's page has conversations, or no visits")
	}
}

// A conversation is given to somebody by a choice of those who may answer customers.
func TestWhoAConversationIsGivenTo(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	talk := decode[list[presage.Conversation]](t, r.get(t, "/v1/conversations?state=open")).Items[0]
	page := "/outreach/conversations/" + talk.CustomerID
	for id, body := range map[string]string{
		"zhao": zhaoBody, "chen": `{"name":"Chen Wei","roles":["technician"],"lang":"en"}`, "mo": `{"name":"Mo Gone","roles":["manager"],"lang":"en"}`,
	} {
		want(t, r.do(t, http.MethodPut, "/v1/accounts/"+id, body), http.StatusOK)
	}
	want(t, r.json(t, "/v1/accounts/mo/disable", ""), http.StatusOK)
	got := r.get(t, page).body
	if !strings.Contains(got, `<option value="Zhao Min"`) || strings.Contains(got, `<option value="Chen Wei"`) ||
		strings.Contains(got, `<option value="Mo Gone"`) || strings.Contains(got, `<input name="owner"`) {
		t.Error("the choice is not of those who may answer customers")
	}
	want(t, r.json(t, "/v1/conversations/"+talk.CustomerID+"/actions", `{"action":"assign","who":"x","owner":"Someone Else"}`), http.StatusOK)
	if got := r.get(t, page).body; !strings.Contains(got, `<option value="Someone Else" selected>`) {
		t.Error("who has it now is not among the choices")
	}
}
