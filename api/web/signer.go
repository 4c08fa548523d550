package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"presage"
	"presage/api/access"
)

const whoCookie = "presage_who" // the name under which a person answered last

// signer is who fills forms in.
type signer struct {
	Name  string
	Known bool // by the login: the name stands
}

func (s signer) String() string { return s.Name }

// or is who wrote a name into a form, unless the login knows better.
func (s signer) or(name string) signer {
	if !s.Known {
		s.Name = name
	}
	return s
}

// signer is the person who is logged in, or, with the admin key, under which name
// somebody worked last in this browser.
func (r *request) signer() signer {
	if a, ok := access.Person(r.Request.Context()); ok {
		return signer{a.Name, true}
	}
	c, err := r.Request.Cookie(whoCookie)
	if err != nil {
		return signer{}
	}
	name, err := url.QueryUnescape(c.Value)
	if err != nil || presage.CheckPlain(name, mostWho) != nil {
		return signer{}
	}
	return signer{Name: name}
}

// who is the signer's name, "" for nobody.
func (r *request) who() string { return r.signer().Name }

// signed is the name of the person who is logged in, otherwise what stands for one.
func (r *request) signed(otherwise string) string {
	if s := r.signer(); s.Known {
		return s.Name
	}
	return otherwise
}

// remember keeps under which name somebody works in this browser, for whom the login
// does not name.
func (r *request) remember(who string) {
	if r.signer().Known {
		return
	}
	http.SetCookie(r.Writer, &http.Cookie{ //nolint:gosec // Secure follows the public address
		Name: whoCookie, Value: url.QueryEscape(who), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: r.site.conf.SecureCookies, SameSite: http.SameSiteLaxMode,
	})
}

// sign puts the name of the person who is logged in into the form that they send,
// whatever it says: here, once for all forms, so that none can be sent under another
// name. On the board by is how the board is shown.
func (r *request) sign() error {
	s := r.signer()
	if !s.Known || r.Request.Method != http.MethodPost {
		return nil
	}
	if err := r.Request.ParseForm(); err != nil {
		return fmt.Errorf("%w form: too long, or not one", presage.ErrInvalid)
	}
	r.Request.PostForm.Set("who", s.Name)
	if !strings.HasPrefix(r.FullPath(), boardPath) {
		r.Request.PostForm.Set("by", s.Name)
	}
	return nil
}

// named is what a role is called, or the name of a person as it is.
func (p speaker) named(kind, name string) string {
	if key := kind + "." + name; p.site.wording.Has(key) {
		return p.text(key)
	}
	return name
}
