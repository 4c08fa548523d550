package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"presage"
	"presage/api/access"
)

// Accounts keeps who works with the service; see rest.Accounts.
type Accounts interface {
	Accounts(ctx context.Context) ([]presage.Account, error)
	Account(ctx context.Context, id string) (presage.Account, error)
	PutAccount(ctx context.Context, a presage.Account) error
	SetAccountKey(ctx context.Context, id, hash string) error
	DisableAccount(ctx context.Context, id string, now time.Time) error
	EnableAccount(ctx context.Context, id string) error
}

const accountsPath = "/accounts"

type accountsBody struct {
	Rows      []presage.Account
	Roles     []presage.Role
	Workshops []presage.Workshop
	Form      presage.Account // what the form begins with: somebody new, or who is to be changed
	Fault     string          // what is wrong with what was typed
	Key, Link string          // just made, shown this once
	Of        string          // whose
}

// Has tells whether a role is ticked.
func (b accountsBody) Has(role presage.Role) bool { return b.Form.Is(role) }

// Works is Has for a workshop.
func (b accountsBody) Works(workshop string) bool { return slices.Contains(b.Form.Workshops, workshop) }

// Gone are workshops of theirs that are not registered any more.
func (b accountsBody) Gone() []string {
	return slices.DeleteFunc(slices.Clone(b.Form.Workshops), func(id string) bool {
		return slices.ContainsFunc(b.Workshops, func(w presage.Workshop) bool { return w.ID == id })
	})
}

func accountsPage(r *request) error {
	r.heed()
	b := accountsBody{Form: presage.Account{Lang: r.lang}}
	if id := r.Query("edit"); id != "" {
		var err error
		if b.Form, err = r.site.Accounts.Account(r.Request.Context(), id); err != nil {
			return err
		}
	}
	return r.accounts(http.StatusOK, b)
}

// accounts answers with the page.
func (r *request) accounts(status int, b accountsBody) error {
	ctx, s := r.Request.Context(), r.site
	b.Roles = presage.Roles()
	var err error
	if b.Rows, err = s.Accounts.Accounts(ctx); err != nil {
		return err
	}
	if b.Workshops, err = s.Places.Workshops(ctx); err != nil {
		return err
	}
	r.here = accountsPath + "?"
	return r.render(status, "accounts", "accounts", r.text("accounts.title"), b)
}

func putAccount(r *request) error {
	a := presage.Account{
		ID: r.posted("id"), Name: r.posted("name"), Lang: presage.Lang(r.PostForm("language")), CreatedAt: r.site.Now().UTC(),
		Workshops: r.PostFormArray("workshop"),
	}
	for _, role := range r.PostFormArray("role") {
		a.Roles = append(a.Roles, presage.Role(role))
	}
	if err := a.Validate(); err != nil {
		r.notice = notice{"due", r.text("accounts.refused")}
		return r.accounts(http.StatusUnprocessableEntity, accountsBody{
			Form: a, Fault: r.refusal(err, err.Error()),
		})
	}
	if err := r.site.Accounts.PutAccount(r.Request.Context(), a); err != nil {
		return err
	}
	return r.redirect(accountsPath + "?notice=account_kept")
}

// stateOfAccount disables an account or enables it again.
func stateOfAccount(r *request) error {
	ctx, id := r.Request.Context(), r.Param("id")
	if r.PostForm("disabled") == "1" {
		if err := r.site.Accounts.DisableAccount(ctx, id, r.site.Now().UTC()); err != nil {
			return err
		}
		return r.redirect(accountsPath + "?notice=account_disabled")
	}
	if err := r.site.Accounts.EnableAccount(ctx, id); err != nil {
		return err
	}
	return r.redirect(accountsPath + "?notice=account_enabled")
}

// keyOfAccount shows a person's new key, this once.
func keyOfAccount(r *request) error {
	a, err := r.site.Accounts.Account(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	key, err := access.GiveKey(r.Request.Context(), r.site.Accounts, a)
	if err != nil {
		return err
	}
	return r.accounts(http.StatusOK, accountsBody{Form: presage.Account{Lang: r.lang}, Key: key.Reveal(), Of: a.Name})
}

// linkOfAccount shows a link that logs a person in, once and within an hour.
func linkOfAccount(r *request) error {
	a, err := r.site.Accounts.Account(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	path, _, err := r.site.guard.Link(r.Request.Context(), a.ID)
	if err != nil {
		return err
	}
	at := url.URL{Scheme: "http", Host: r.Request.Host, Path: path}
	if r.site.conf.SecureCookies {
		at.Scheme = "https"
	}
	return r.accounts(http.StatusOK, accountsBody{Form: presage.Account{Lang: r.lang}, Link: at.String(), Of: a.Name})
}
