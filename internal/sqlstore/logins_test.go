package sqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

func logins(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	login := func(id string, after time.Duration) presage.Login {
		return presage.Login{
			ID: id, User: "admin", Key: "k", CreatedAt: noon().Add(after), ExpiresAt: noon().Add(after + 12*time.Hour),
		}
	}
	_, err := s.Login(ctx, "a")
	wantKind(t, err, presage.ErrNotFound)
	must(t, s.PutLogin(ctx, login("a", 0)))
	must(t, s.PutLogin(ctx, login("b", time.Hour)))
	got, err := s.Login(ctx, "a")
	must(t, err)
	same(t, "kept", got, login("a", 0))
	must(t, s.EndLogin(ctx, "a"))
	must(t, s.EndLogin(ctx, "a"))
	_, err = s.Login(ctx, "a")
	wantKind(t, err, presage.ErrNotFound)

	must(t, s.PutLogin(ctx, login("c", 13*time.Hour))) // b is over
	_, err = s.Login(ctx, "b")
	wantKind(t, err, presage.ErrNotFound)

	must(t, s.UseLink(ctx, "l", noon(), noon().Add(time.Hour)))
	wantKind(t, s.UseLink(ctx, "l", noon(), noon().Add(time.Hour)), presage.ErrExpired)
	must(t, s.UseLink(ctx, "m", noon().Add(2*time.Hour), noon().Add(3*time.Hour)))
}

// One login more than are kept ends the oldest.
func TestLoginsAreBounded(t *testing.T) {
	t.Parallel()
	s := sqltest.Open(t)
	for i := range 1002 {
		at := noon().Add(time.Duration(i) * time.Second)
		must(t, s.PutLogin(t.Context(), presage.Login{ID: fmt.Sprint(i), CreatedAt: at, ExpiresAt: at.Add(time.Hour)}))
	}
	for id, kept := range map[string]bool{"0": false, "1": false, "2": true, "1001": true} {
		if _, err := s.Login(t.Context(), id); (err == nil) != kept {
			t.Errorf("login %s: %v, want kept: %v", id, err, kept)
		}
	}
}
