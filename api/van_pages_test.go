package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"presage"
)

// vanAt is a server whose workshops have vans.
func vanAt(t *testing.T, of func(*testing.T) *rig) *rig {
	t.Helper()
	r := of(t)
	for _, id := range []string{"w-1", "w-2", "w-3"} {
		r.world.AddVan(id)
	}
	return r
}

func outside(t *testing.T) *rig { t.Helper(); return startOutside(t, nil) }

func inside(t *testing.T) *rig { t.Helper(); return start(t, nil) }

func TestVanIsChosenOnThePage(t *testing.T) {
	t.Parallel()
	r := vanAt(t, outside)
	page := r.get(t, "/b/tok-0?lang=en").body
	to := links(page, "%2Fvan")
	if len(to) == 0 {
		t.Fatal("the page does not say that a van could come")
	}
	van := r.get(t, to[0]).body
	holds(t, "van", van, "We come to you", "for our way to you", "Come to the workshop instead")
	chosen := r.get(t, links(van, "%2Fvan%40")[0]).body
	holds(t, "chosen", chosen, "Where shall our van come to?")
	if strings.Contains(chosen, `name="stay"`) {
		t.Error("the page asks what the customer does at the workshop")
	}
	form := confirmation(t, chosen)
	form.Set("address", " ")
	form.Set("note", "ring twice")
	missing := r.form(t, "/b/tok-0/book", form)
	want(t, missing, http.StatusUnprocessableEntity)
	holds(t, "without an address", missing.body, "Please tell us where our van shall come to", "ring twice")
	form.Set("address", "5 Elm Street,\n gate 2")
	booked := r.follow(t, r.form(t, "/b/tok-0/book", form))
	holds(t, "booked", booked, "You're booked", "5 Elm Street, gate 2")
	if strings.Contains(r.log.String(), "Elm") {
		t.Error("the address stands in the log")
	}
}

func TestVanInChinese(t *testing.T) {
	t.Parallel()
	r := vanAt(t, outside)
	holds(t, "van", r.get(t, "/b/tok-0?lang=zh&at=w-1%2Fvan").body, "我们上门服务", "含上门费", "改为到店")
}

func TestJobCardOfAVan(t *testing.T) {
	t.Parallel()
	r := vanAt(t, inside)
	id := bookVan(t, r, "5 Elm Street")
	for lang, words := range map[string][]string{
		"en": {"Drive to", "5 Elm Street", "from the workshop", "Leave at", "openstreetmap.org"},
		"zh": {"上门地址", "5 Elm Street", "出发", "uri.amap.com/search"},
	} {
		holds(t, lang, r.get(t, "/job/"+id+"?lang="+lang).body, words...)
	}
	// A customer who answered by SMS has typed none.
	r = vanAt(t, inside)
	holds(t, "no address", r.get(t, "/job/"+bookVan(t, r, "")+"?lang=en").body, "No address yet")
}

// bookVan books the first time of the van for a case, by API.
func bookVan(t *testing.T, r *rig, address string) string {
	t.Helper()
	cases := decode[list[presage.Case]](t, r.get(t, "/v1/cases?state=escalated")).Items
	i := slices.IndexFunc(cases, func(c presage.Case) bool { return c.WorkshopID == "w-1" })
	slot := decode[list[presage.Slot]](t, r.get(t, "/v1/slots?workshop=w-1&jobs=cabin_filter_replace")).Items[0].ID
	a := r.json(t, "/v1/bookings", fmt.Sprintf(`{"case_id": %q, "slot_id": %q, "address": %q}`,
		cases[i].ID, strings.Replace(slot, "w-1@", "w-1/van@", 1), address))
	want(t, a, http.StatusCreated)
	var b presage.Booking
	if err := json.Unmarshal([]byte(a.body), &b); err != nil {
		t.Fatal(err)
	}
	if b.Site == nil || string(b.Site.Address) != address {
		t.Fatalf("booked at %+v, want %q", b.Site, address)
	}
	return b.ID
}

func TestAddressOfAVanIsChecked(t *testing.T) {
	t.Parallel()
	r := vanAt(t, inside)
	slot := decode[list[presage.Slot]](t, r.get(t, "/v1/slots?workshop=w-1&jobs=cabin_filter_replace")).Items[0].ID
	for name, address := range map[string]string{"long": strings.Repeat("a", 201), "lines": "a\nb"} {
		a := r.json(t, "/v1/bookings", fmt.Sprintf(`{"token": "tok-0", "slot_id": %q, "address": %q}`,
			strings.Replace(slot, "w-1@", "w-1/van@", 1), address))
		if a.StatusCode < 400 || a.StatusCode > 499 {
			t.Errorf("%s: status %d", name, a.StatusCode)
		}
	}
	want(t, r.form(t, "/b/tok-0/book", url.Values{"slot": {"w-1/van@1"}, "address": {"x"}}), http.StatusConflict)
}
