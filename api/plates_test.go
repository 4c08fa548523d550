package api_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"presage"
)

// Cars and their cases are found by the plate, however it is written.
func TestFoundByPlate(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := decode[list[presage.Case]](t, r.get(t, "/v1/cases?limit=1")).Items[0]
	plate := decode[presage.Vehicle](t, r.get(t, "/v1/vehicles/"+string(c.VIN))).Plate
	if plate == "" {
		t.Fatal("the car has no plate")
	}
	for _, text := range []string{string(plate), strings.ToLower(plate.Folded()), string(plate)[len("沪A·"):]} {
		q := url.QueryEscape(text)
		found := decode[list[presage.Case]](t, r.get(t, "/v1/cases?q="+q)).Items
		if !slices.ContainsFunc(found, func(x presage.Case) bool { return x.ID == c.ID }) {
			t.Errorf("%q does not find the case", text)
		}
		for _, x := range found {
			if x.VIN != c.VIN {
				t.Errorf("%q finds a case of another car", text)
			}
		}
		for _, path := range []string{"/cases?q=", "/vehicles?q="} {
			if page := r.get(t, path+q).body; !strings.Contains(page, string(plate)) {
				t.Errorf("%s%s does not show the car", path, text)
			}
		}
	}
	if found := decode[list[presage.Case]](t, r.get(t, "/v1/cases?q=nothing-is-called-so")).Items; len(found) != 0 {
		t.Errorf("%d cases of no car", len(found))
	}
	_, id := atWork(t, r)
	b := decode[presage.Booking](t, r.get(t, "/v1/bookings/"+id))
	plate = decode[presage.Vehicle](t, r.get(t, "/v1/vehicles/"+string(b.VIN))).Plate
	for _, path := range []string{"/job/" + id, "/vehicles/" + string(b.VIN), "/workshop?id=" + b.WorkshopID + "&day=" + b.Start.Format("2006-01-02")} {
		if page := r.get(t, path).body; !strings.Contains(page, string(plate)) {
			t.Errorf("%s lacks the plate", path)
		}
	}
	r.Close()
	if strings.Contains(r.log.String(), string(plate)) {
		t.Error("the log holds a plate")
	}
}
