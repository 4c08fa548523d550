package web

import (
	"errors"
	"net/http"
	"strings"

	"presage"
	"presage/api/access"
)

func loginPage(r *request) error {
	next := localPath(r.Query("next"))
	if r.site.guard.Check(r.Request) == nil {
		return r.redirect(next)
	}
	return r.askLogin(http.StatusOK, next)
}

// askLogin shows the login page; next is where it leads.
func (r *request) askLogin(status int, next string) error {
	// A browser that follows another site's link leaves the cookie at home. The
	// page loads itself again as our own, and the cookie comes along.
	if r.GetHeader("Sec-Fetch-Site") == "cross-site" && r.Request.Method == http.MethodGet {
		r.Header("Refresh", "0; url="+next)
	}
	return r.render(status, "login", "", r.text("login.title"), next)
}

func login(r *request) error {
	next := localPath(r.PostForm("next"))
	a, err := r.site.guard.Verify(r.Request, presage.Secret(strings.TrimSpace(r.PostForm("key"))))
	switch {
	case errors.Is(err, presage.ErrThrottled):
		r.notice = notice{"due", r.text("login.wait")}
		r.Header("Retry-After", access.RetryAfter)
		return r.askLogin(http.StatusTooManyRequests, next)
	case err != nil:
		r.notice = notice{"due", r.text("login.wrong")}
		return r.askLogin(http.StatusForbidden, next)
	}
	return r.begin(a, next)
}

// begin logs somebody in and sends the browser on: a person, in their language, to what
// waits for them unless they asked for a page.
func (r *request) begin(a presage.Account, next string) error {
	if err := r.site.guard.Begin(r.Writer, r.Request, a, r.site.conf.SecureCookies); err != nil {
		return err
	}
	if _, person := access.Person(r.Request.Context()); person {
		r.site.keepLang(r.Writer, a.Lang)
		if next == "/" {
			next = minePath
		}
	}
	return r.redirect(next)
}

// loginLink takes a one-time link. The browser goes on to an address without
// the token. A program that only looks ahead does not use the link up.
func loginLink(r *request) error {
	if r.Request.Method != http.MethodGet || r.GetHeader("Sec-Purpose") != "" || r.GetHeader("Purpose") != "" {
		r.Status(http.StatusNoContent)
		return nil
	}
	a, err := r.site.guard.UseLink(r.Request.Context(), r.Param("token"))
	switch {
	case err == nil:
		return r.begin(a, "/")
	case !errors.Is(err, presage.ErrForbidden) && !errors.Is(err, presage.ErrExpired):
		return err
	case r.site.guard.Check(r.Request) == nil: // the same person, by the back button
		return r.redirect("/")
	}
	r.notice = notice{"due", r.text("login.link")}
	return r.askLogin(http.StatusForbidden, "/")
}

func logout(r *request) error {
	if err := r.site.guard.End(r.Writer, r.Request, r.site.conf.SecureCookies); err != nil {
		return err
	}
	return r.redirect("/login")
}

// docs shows the OpenAPI description; its viewer sets styles of its own.
func docs(r *request) error {
	r.Header("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "+
		"img-src 'self' data:; connect-src 'self'; font-src 'self' data:; form-action 'self'; "+
		"base-uri 'none'; frame-ancestors 'none'")
	return r.render(http.StatusOK, "docs", "docs", "API", nil)
}
