package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func accounts(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	zhao := presage.Account{
		ID: "zhao", Name: "Zhao Min", Roles: []presage.Role{presage.RoleAdviser}, Workshops: []string{},
		Lang: presage.Chinese, CreatedAt: noon(),
	}
	must(t, s.PutAccount(ctx, zhao))
	other := zhao
	other.ID = "other"
	wantKind(t, s.PutAccount(ctx, other), presage.ErrConflict) // the name is taken
	other = zhao
	other.Name = "Zhao"
	wantKind(t, s.PutAccount(ctx, other), presage.ErrConflict) // the name stays
	must(t, s.SetAccountKey(ctx, "zhao", "h1"))
	zhao.Roles, zhao.Workshops, zhao.Lang = []presage.Role{presage.RoleManager}, []string{"w-1"}, presage.English
	zhao.CreatedAt = noon().Add(time.Hour)
	must(t, s.PutAccount(ctx, zhao)) // keeps the key and when it was made
	zhao.HasKey, zhao.CreatedAt = true, noon()
	got, err := s.AccountByKey(ctx, "h1")
	must(t, err)
	same(t, "by its key", got, zhao)
	for _, hash := range []string{"", "h2"} {
		_, err = s.AccountByKey(ctx, hash)
		wantKind(t, err, presage.ErrNotFound)
	}
	_, err = s.Account(ctx, "nobody")
	wantKind(t, err, presage.ErrNotFound)

	login := func(id, user string) {
		must(t, s.PutLogin(ctx, presage.Login{
			ID: id, User: user, Key: "k", CreatedAt: noon(), ExpiresAt: noon().Add(12 * time.Hour),
		}))
	}
	over := func(id string) {
		t.Helper()
		_, err := s.Login(ctx, id)
		wantKind(t, err, presage.ErrNotFound)
	}
	login("a", "zhao")
	login("b", presage.AdminID)
	must(t, s.SetAccountKey(ctx, "zhao", "h2")) // ends what was begun with the last one
	over("a")
	login("c", "zhao")
	must(t, s.DisableAccount(ctx, "zhao", noon().Add(2*time.Hour)))
	must(t, s.DisableAccount(ctx, "zhao", noon().Add(3*time.Hour))) // it was before
	over("c")
	_, err = s.Login(ctx, "b")
	must(t, err)
	_, err = s.AccountByKey(ctx, "h2")
	wantKind(t, err, presage.ErrNotFound)
	zhao.HasKey, zhao.DisabledAt = false, noon().Add(2*time.Hour)
	list, err := s.Accounts(ctx)
	must(t, err)
	same(t, "disabled", list, []presage.Account{zhao})

	adviser := presage.Adviser{
		ID: "z", Name: "Zhao Min", Workshops: []string{}, Languages: []presage.Lang{presage.Chinese}, Skills: []string{},
		Zone: "Asia/Shanghai", ToHour: 24, OffOn: []time.Weekday{},
	}
	must(t, s.PutAdviser(ctx, adviser))
	disabled := func(want bool) {
		t.Helper()
		advisers, err := s.Advisers(ctx)
		must(t, err)
		if len(advisers) != 1 || advisers[0].Disabled != want || advisers[0].Absent(noon()) != want {
			t.Errorf("advisers %+v, want one, disabled: %v", advisers, want)
		}
	}
	disabled(true)
	must(t, s.EnableAccount(ctx, "zhao"))
	disabled(false)
	for _, err := range []error{
		s.EnableAccount(ctx, "nobody"), s.DisableAccount(ctx, "nobody", noon()), s.SetAccountKey(ctx, "nobody", "h"),
	} {
		wantKind(t, err, presage.ErrNotFound)
	}
}
