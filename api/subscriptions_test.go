package api_test

import (
	"net/http"
	"strings"
	"testing"

	"presage"
)

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	a := r.get(t, "/v1/subscriptions")
	want(t, a, http.StatusOK)
	if strings.Contains(a.body, "very-secret") || strings.Contains(a.body, "whsec_") {
		t.Errorf("a secret is shown: %s", a.body)
	}
	const path = "/v1/subscriptions/crm"
	want(t, r.get(t, path), http.StatusNotFound)
	for _, bad := range []string{
		`{"url": "http://dms.example/"}`, `{"url": "https://dms.example/"}`, `{"url": "https://dms.example/", "types": ["sold"]}`, `{}`,
	} {
		want(t, r.do(t, http.MethodPut, path, bad), http.StatusUnprocessableEntity)
	}
	want(t, r.do(t, http.MethodPut, path, `{"url": "https://dms.example/", "secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
		"types": ["presage.booking.sold"]}`), http.StatusOK)
	type row struct {
		ID      string
		Secrets int
		Active  bool
	}
	if x := decode[row](t, r.do(t, http.MethodPut, path, `{"url": "https://dms.example/b", "active": false}`)); x != (row{"crm", 1, false}) {
		t.Errorf("changed without secrets: %+v", x)
	}
	first := decode[list[row]](t, r.get(t, "/v1/subscriptions?limit=1"))
	if len(first.Items) != 1 || first.Next == "" {
		t.Errorf("the first page is %+v", first)
	}
	want(t, r.do(t, http.MethodDelete, path, ""), http.StatusNoContent)
	want(t, r.do(t, http.MethodDelete, path, ""), http.StatusNotFound)
}

func TestDeliveries(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	first := decode[list[presage.Delivery]](t, r.get(t, "/v1/deliveries?limit=2"))
	rest := decode[list[presage.Delivery]](t, r.get(t, "/v1/deliveries?after="+first.Next))
	if len(first.Items) != 2 || len(rest.Items) != 1 || rest.Next != "" {
		t.Errorf("pages %+v and %+v", first, rest)
	}
	dead := decode[list[presage.Delivery]](t, r.get(t, "/v1/deliveries?state=dead&subscription=dms-1")).Items
	if len(dead) != 1 || dead[0].Behind != 1 {
		t.Fatalf("given up: %+v", dead)
	}
	want(t, r.get(t, "/v1/deliveries?state=lost"), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/v1/deliveries?after=nothing"), http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/deliveries/replay", `{"ids": ["nothing"]}`), http.StatusNotFound)
	want(t, r.json(t, "/v1/deliveries/replay", `{"ids": []}`), http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/deliveries/replay", `{"ids": ["`+dead[0].ID+`"]}`), http.StatusOK)
	want(t, r.json(t, "/v1/deliveries/skip", `{"ids": ["`+dead[0].ID+`"]}`), http.StatusConflict)
}

func TestDeliveriesPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	body := r.get(t, "/data/deliveries").body
	for _, text := range []string{"dms.example", "HTTP 422", "Send again", "waiting behind it: 1"} {
		if !strings.Contains(body, text) {
			t.Errorf("no %q on the page", text)
		}
	}
	if strings.Contains(body, "very-secret") || !strings.Contains(r.get(t, "/data").body, "/data/deliveries") {
		t.Error("a secret is shown, or /data has no link")
	}
}
