package rest

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/access"
)

// Accounts keeps who works with the service. None is ever deleted: histories name them.
type Accounts interface {
	// Accounts lists all by ID, disabled ones too.
	Accounts(ctx context.Context) ([]presage.Account, error)
	Account(ctx context.Context, id string) (presage.Account, error)
	// PutAccount keeps one, or what is new about one; ErrConflict: another has the name,
	// or this one has another.
	PutAccount(ctx context.Context, a presage.Account) error
	// SetAccountKey gives the account another key by its hash, and ends its logins.
	SetAccountKey(ctx context.Context, id, hash string) error
	// DisableAccount lets nobody in by it any more, from now on, at any process.
	DisableAccount(ctx context.Context, id string, now time.Time) error
	EnableAccount(ctx context.Context, id string) error
}

// Links makes links that log in; ErrConflict for a disabled account.
type Links interface {
	Link(ctx context.Context, id string) (path string, expires time.Time, err error)
}

// signed is who did something: the person who is logged in, else, with the admin key,
// whom the request names.
func signed(ctx context.Context, named string) string {
	if a, ok := access.Person(ctx); ok {
		return a.Name
	}
	return strings.TrimSpace(named)
}

// signedAnyway is signed where nobody has to be named: then it is whose key it is.
func signedAnyway(ctx context.Context, named string) string {
	return cmp.Or(signed(ctx, named), access.Visitor(ctx).Name)
}

func (h *handlers) accountRoutes(a huma.API) {
	const tag, path = "Accounts", "/v1/accounts"
	me := get("get-me", "/v1/me", tag, "Who is asking")
	me.Description = "With the admin key its holder, whose id is admin and who may do everything."
	me.Responses = example[presage.Account](a, exampleAccount())
	route(a, h.Logger, me, h.me)
	list := get("list-accounts", path, tag, "Who works with the service")
	list.Responses = example[page[presage.Account]](a, page[presage.Account]{Items: []presage.Account{exampleAccount()}})
	route(a, h.Logger, list, h.accounts)
	put := huma.Operation{
		OperationID: "put-account", Method: http.MethodPut, Path: path + "/{id}", Tags: []string{tag},
		Summary: "Make an account, or change one",
		Description: "A manager may do everything, an adviser what is about customers and the board, a technician job " +
			"cards, a planner parts. What a person does is signed with the account's name, whatever who or by say. The name " +
			"cannot be changed, and is that under which an adviser is given work (/v1/advisers). Workshops are what the " +
			"person is shown first; they do not limit what the roles allow.",
		SkipValidateBody: true, // one place checks all fields
		Errors:           []int{http.StatusConflict},
	}
	put.Responses = example[presage.Account](a, exampleAccount())
	route(a, h.Logger, put, h.putAccount)
	off := post("disable-account", path+"/{id}/disable", tag, "Let a person in no more: sessions and key end at once")
	off.Description = "What waits for an adviser of this name is given to others."
	off.Responses = example[presage.Account](a, disabledAccount())
	route(a, h.Logger, off, h.disableAccount)
	on := post("enable-account", path+"/{id}/enable", tag, "Let a person in again, by a new link or key")
	on.Responses = example[presage.Account](a, exampleAccount())
	route(a, h.Logger, on, h.enableAccount)
	key := post("make-account-key", path+"/{id}/key", tag, "Give a person a new key of their own, told this once")
	key.Description = "It logs in at /login, and is a Bearer key of this API. Sessions that are open end, and the key " +
		"before is over."
	key.Responses = example[ownKey](a, ownKey{"pk_ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
	route(a, h.Logger, key, h.makeKey)
	link := post("make-login-link", path+"/{id}/link", tag, "Make a link that logs a person in: once, within an hour")
	link.Responses = example[loginLink](a, loginLink{
		"/login/AAAAAGkqU4B6aGFv", time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC),
	})
	route(a, h.Logger, link, h.makeLink)
}

func exampleAccount() presage.Account {
	return presage.Account{
		ID: "zhao", Name: "Zhao Min", Roles: []presage.Role{presage.RoleAdviser}, Workshops: []string{"w-pudong"},
		Lang: presage.Chinese, CreatedAt: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC), HasKey: true,
	}
}

func disabledAccount() presage.Account {
	a := exampleAccount()
	a.DisabledAt, a.HasKey = a.CreatedAt.AddDate(0, 1, 0), false
	return a
}

func shownAccount(a presage.Account) presage.Account {
	a.Roles, a.Workshops = nonNil(a.Roles), nonNil(a.Workshops)
	return a
}

func (h *handlers) me(ctx context.Context, _ *struct{}) (*body[presage.Account], error) {
	return &body[presage.Account]{Body: shownAccount(access.Visitor(ctx))}, nil
}

func (h *handlers) accounts(ctx context.Context, in *Window) (*body[page[presage.Account]], error) {
	all, err := h.Accounts.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	cursor := func(a presage.Account) string { return a.ID }
	if all, err = behind(all, in.After, cursor); err != nil {
		return nil, err
	}
	for i := range all {
		all[i] = shownAccount(all[i])
	}
	return paged(all, in.Limit, cursor), nil
}

type accountInput struct {
	ID   string `path:"id" maxLength:"64" example:"zhao"`
	Body struct {
		Name      string         `json:"name" minLength:"1" maxLength:"60" doc:"Unlike any other; stays" example:"Zhao Min"`
		Roles     []presage.Role `json:"roles" minItems:"1" maxItems:"4" enum:"manager,adviser,technician,planner" example:"[\"adviser\"]"` //nolint:lll // a tag cannot be broken
		Workshops []string       `json:"workshops,omitempty" doc:"Their IDs, shown first; none: all"`
		Lang      presage.Lang   `json:"lang" enum:"zh,en" example:"zh"`
	}
}

func (h *handlers) putAccount(ctx context.Context, in *accountInput) (*body[presage.Account], error) {
	b := in.Body
	a := presage.Account{
		ID: in.ID, Name: strings.TrimSpace(b.Name), Roles: b.Roles, Workshops: b.Workshops, Lang: b.Lang,
		CreatedAt: h.Now().UTC(),
	}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if err := h.Accounts.PutAccount(ctx, a); err != nil {
		return nil, err
	}
	return h.account(ctx, in.ID)
}

type accountPath struct {
	ID string `path:"id" maxLength:"64" example:"zhao"`
}

func (h *handlers) account(ctx context.Context, id string) (*body[presage.Account], error) {
	a, err := h.Accounts.Account(ctx, id)
	if err != nil {
		return nil, err
	}
	return &body[presage.Account]{Body: shownAccount(a)}, nil
}

func (h *handlers) disableAccount(ctx context.Context, in *accountPath) (*body[presage.Account], error) {
	if err := h.Accounts.DisableAccount(ctx, in.ID, h.Now().UTC()); err != nil {
		return nil, err
	}
	return h.account(ctx, in.ID)
}

func (h *handlers) enableAccount(ctx context.Context, in *accountPath) (*body[presage.Account], error) {
	if err := h.Accounts.EnableAccount(ctx, in.ID); err != nil {
		return nil, err
	}
	return h.account(ctx, in.ID)
}

type ownKey struct {
	Key string `json:"key" doc:"Told this once; the service keeps its hash"`
}

func (h *handlers) makeKey(ctx context.Context, in *accountPath) (*body[ownKey], error) {
	a, err := h.Accounts.Account(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	key, err := access.GiveKey(ctx, h.Accounts, a)
	if err != nil {
		return nil, err
	}
	return &body[ownKey]{Body: ownKey{key.Reveal()}}, nil
}

type loginLink struct {
	Path      string    `json:"path" doc:"Below the address of the console"`
	ExpiresAt time.Time `json:"expires_at"`
}

func (h *handlers) makeLink(ctx context.Context, in *accountPath) (*body[loginLink], error) {
	path, expires, err := h.Links.Link(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[loginLink]{Body: loginLink{path, expires}}, nil
}
