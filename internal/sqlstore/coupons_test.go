package sqlstore_test

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// coupons: each code is redeemed once, however many try; the end of its case
// takes what nobody redeemed.
func coupons(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	issue := func(n, vin string) presage.Coupon {
		t.Helper()
		must(t, s.CreateCase(ctx, presage.Case{
			ID: "k" + n, VIN: presage.VIN(vin), CustomerID: "anna", WorkshopID: "w1", Severity: presage.Comfort,
			State: presage.CaseOpen, OpenedAt: noon(),
		}, presage.CaseEvent{CaseID: "k" + n, At: noon(), To: presage.CaseOpen}))
		c := presage.Coupon{
			Code: "CODE" + n, OfferID: "o" + n, CaseID: "k" + n, CustomerID: "anna", WorkshopID: "w1", Rule: "filter",
			PolicyVersion: 3, Discount: presage.Money{Minor: 1500, Currency: "CNY"}, IssuedAt: noon(), ExpiresAt: noon().AddDate(0, 0, 30),
		}
		must(t, s.CreateOffer(ctx, presage.Offer{
			ID: "o" + n, CaseID: "k" + n, VIN: presage.VIN(vin), CreatedAt: noon(), ExpiresAt: noon().AddDate(0, 0, 7), Coupon: &c,
		}, nil, noon().AddDate(0, 0, 7), presage.CaseEvent{At: noon(), Who: "policy"}))
		return c
	}
	a, b := issue("1", "LSVAA4182E2100001"), issue("2", "LSVAA4182E2100002")
	got, err := s.CouponOf(ctx, "k1")
	must(t, err)
	if got != a {
		t.Errorf("of the case: %+v, want %+v", got, a)
	}

	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = s.RedeemCoupon(ctx, a.Code, noon().Add(time.Hour)) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		wantKind(t, err, presage.ErrConflict)
	}
	if won != 1 {
		t.Errorf("redeemed %d times, want once", won)
	}
	_, err = s.RedeemCoupon(ctx, "nothing", noon())
	wantKind(t, err, presage.ErrNotFound)
	_, err = s.RedeemCoupon(ctx, b.Code, b.ExpiresAt)
	wantKind(t, err, presage.ErrExpired)

	must(t, s.MoveCase(ctx, "k2", presage.CaseChange{}, presage.CaseEvent{
		At: noon().Add(time.Hour), From: presage.CaseOffered, To: presage.CaseDeclined,
	}))
	_, err = s.RedeemCoupon(ctx, b.Code, noon().Add(2*time.Hour))
	wantKind(t, err, presage.ErrConflict)
	_, err = s.CouponOf(ctx, "k2")
	wantKind(t, err, presage.ErrNotFound)

	page, err := s.Coupons(ctx, presage.CouponFilter{CustomerID: "anna", Limit: 1})
	must(t, err)
	rest, err := s.Coupons(ctx, presage.CouponFilter{CustomerID: "anna", After: page[0].Code})
	must(t, err)
	if page[0].Code != b.Code || len(rest) != 1 || rest[0].Code != a.Code {
		t.Errorf("pages %+v, %+v; want %s, then %s", page, rest, b.Code, a.Code)
	}
	for state, want := range map[presage.CouponState]int{
		presage.CouponRedeemed: 1, presage.CouponVoid: 1, presage.CouponOpen: 0, presage.CouponExpired: 0, "": 2,
	} {
		n, err := s.CountCoupons(ctx, presage.CouponFilter{State: state, Now: noon(), NotCaseID: "k3", From: noon(), To: noon().Add(time.Hour)})
		must(t, err)
		if n != want {
			t.Errorf("%q: %d, want %d", state, n, want)
		}
	}
	figures, err := s.CouponFigures(ctx, noon(), noon().Add(time.Hour), noon())
	must(t, err)
	want := presage.CouponFigure{Rule: "filter", Currency: "CNY", Issued: 2, Redeemed: 1, Void: 1, Promised: 3000, Given: 1500}
	if len(figures) != 1 || figures[0] != want {
		t.Errorf("figures %+v, want %+v", figures, want)
	}
}

// couponsOfACustomer: of many that a customer would get at once for several cars, one is
// kept; another customer has theirs, and after the time of the rule there is another one.
func couponsOfACustomer(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	const offers = 8
	issue := func(i int, customer string, at time.Time) error {
		id := strconv.Itoa(i)
		car := presage.VIN(fmt.Sprintf("LSVAA4182E2%06d", i))
		must(t, s.CreateCase(ctx, presage.Case{
			ID: "k" + id, VIN: car, CustomerID: customer, WorkshopID: "w1", Severity: presage.Comfort,
			State: presage.CaseOpen, OpenedAt: at,
		}, presage.CaseEvent{CaseID: "k" + id, At: at, To: presage.CaseOpen}))
		return s.CreateOffer(ctx, presage.Offer{
			ID: "o" + id, CaseID: "k" + id, VIN: car, CreatedAt: at, ExpiresAt: at.AddDate(0, 0, 7), Coupon: &presage.Coupon{
				Code: "CODE" + id, OfferID: "o" + id, CaseID: "k" + id, CustomerID: customer, WorkshopID: "w1", Rule: "filter",
				Discount: presage.Money{Minor: 1500, Currency: "CNY"}, IssuedAt: at, ExpiresAt: at.AddDate(0, 0, 30),
				NoneSince: at.AddDate(0, 0, -30),
			},
		}, nil, at.AddDate(0, 0, 7), presage.CaseEvent{At: at, Who: "policy"})
	}
	var wg sync.WaitGroup
	errs := make([]error, offers)
	for i := range errs {
		wg.Go(func() { errs[i] = issue(i, "anna", noon()) })
	}
	wg.Wait()
	kept := 0
	for _, err := range errs {
		if err == nil {
			kept++
			continue
		}
		wantKind(t, err, presage.ErrSpent)
	}
	if kept != 1 {
		t.Errorf("one customer got %d coupons of a rule at once, want 1", kept)
	}
	must(t, issue(offers, "ben", noon()))
	wantKind(t, issue(offers+1, "anna", noon().AddDate(0, 0, 29)), presage.ErrSpent)
	must(t, issue(offers+2, "anna", noon().AddDate(0, 0, 31)))
}

// couponsOfAMonth: of many that are issued at once, by two processes as it were, no more
// than the rule allows are kept, and the offers of the others are not; the next month
// begins anew.
func couponsOfAMonth(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	const most, offers = 3, 12
	issue := func(i int, at time.Time) error {
		id := strconv.Itoa(i)
		car := presage.VIN(fmt.Sprintf("LSVAA4182E2%06d", i))
		must(t, s.CreateCase(ctx, presage.Case{
			ID: "k" + id, VIN: car, CustomerID: "anna", WorkshopID: "w1", Severity: presage.Comfort,
			State: presage.CaseOpen, OpenedAt: at,
		}, presage.CaseEvent{CaseID: "k" + id, At: at, To: presage.CaseOpen}))
		return s.CreateOffer(ctx, presage.Offer{
			ID: "o" + id, CaseID: "k" + id, VIN: car, CreatedAt: at, ExpiresAt: at.AddDate(0, 0, 7), Coupon: &presage.Coupon{
				Code: "CODE" + id, OfferID: "o" + id, CaseID: "k" + id, CustomerID: "anna", WorkshopID: "w1", Rule: "filter",
				Discount: presage.Money{Minor: 1500, Currency: "CNY"}, IssuedAt: at, ExpiresAt: at.AddDate(0, 0, 30), Most: most,
			},
		}, nil, at.AddDate(0, 0, 7), presage.CaseEvent{At: at, Who: "policy"})
	}
	var wg sync.WaitGroup
	errs := make([]error, offers)
	for i := range errs {
		wg.Go(func() { errs[i] = issue(i, noon()) })
	}
	wg.Wait()
	kept := 0
	for i, err := range errs {
		if err == nil {
			kept++
			continue
		}
		wantKind(t, err, presage.ErrSpent)
		_, err := s.Offer(ctx, "o"+strconv.Itoa(i))
		wantKind(t, err, presage.ErrNotFound)
	}
	n, err := s.CountCoupons(ctx, presage.CouponFilter{Rule: "filter"})
	must(t, err)
	if kept != most || n != most {
		t.Errorf("%d offers with %d coupons, want %d", kept, n, most)
	}
	must(t, issue(offers, presage.CouponMonth(noon()).AddDate(0, 1, 0)))
}
