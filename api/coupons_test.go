package api_test

import (
	"net/http"
	"strings"
	"testing"

	"presage"
)

func TestCoupons(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	type row struct {
		presage.Coupon

		State presage.CouponState
	}
	first := decode[list[row]](t, r.get(t, "/v1/coupons?limit=1"))
	if len(first.Items) != 1 || first.Items[0].State != presage.CouponOpen || first.Next != first.Items[0].Code {
		t.Fatalf("the first page is %+v, want an open coupon and its code as the cursor", first)
	}
	rest := decode[list[row]](t, r.get(t, "/v1/coupons?after="+first.Next))
	if len(rest.Items) != 3 || rest.Next != "" {
		t.Errorf("the rest is %+v, want three", rest)
	}
	void := decode[list[row]](t, r.get(t, "/v1/coupons?state=void"))
	if len(void.Items) != 1 || void.Items[0].State != presage.CouponVoid {
		t.Errorf("void ones: %+v, want one", void.Items)
	}
	for _, query := range []string{"?after=nothing", "?state=lost", "?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z"} {
		want(t, r.get(t, "/v1/coupons"+query), http.StatusUnprocessableEntity)
	}

	code := first.Items[0].Code
	redeem := func(code string) answer { return r.json(t, "/v1/coupons/"+code+"/redeem", "") }
	got := decode[row](t, redeem(strings.ToLower(code[:4])+"-"+code[4:]))
	if got.State != presage.CouponRedeemed || got.Code != code {
		t.Errorf("redeemed: %+v", got)
	}
	want(t, redeem(code), http.StatusConflict)
	for _, x := range rest.Items {
		want(t, redeem(x.Code), map[presage.CouponState]int{
			presage.CouponExpired: http.StatusGone, presage.CouponVoid: http.StatusConflict, presage.CouponRedeemed: http.StatusConflict,
		}[x.State])
	}
	unknown := "22222222"
	want(t, redeem(unknown+string(presage.CouponCheck(unknown))), http.StatusNotFound)
	want(t, redeem("O0I1L"), http.StatusUnprocessableEntity)

	figures := decode[struct{ Figures []presage.CouponFigure }](t, r.get(t, "/v1/coupons/figures"))
	if len(figures.Figures) != 1 || figures.Figures[0].Given != 1580 {
		t.Errorf("figures %+v", figures)
	}
	want(t, r.get(t, "/v1/coupons/figures?from=1990-11-02T00:00:00Z"), http.StatusUnprocessableEntity)
}

// The job card of a visit and the workshop's day show the coupon, the page of waiting times what coupons cost.
func TestCouponPages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := decode[list[presage.Coupon]](t, r.get(t, "/v1/coupons?state=open")).Items[0]
	for path, parts := range map[string][]string{
		"/cases/" + c.CaseID + "?lang=en": {c.Code, "15.80 off", "Counts"},
		"/cases/" + c.CaseID + "?lang=zh": {c.Code, "15.80", "减"},
		"/outreach/stages?lang=en":        {"Discounts given", "filter"},
	} {
		a := r.get(t, path)
		want(t, a, http.StatusOK)
		for _, part := range parts {
			if !strings.Contains(a.body, part) {
				t.Errorf("%s lacks %q", path, part)
			}
		}
	}
}
