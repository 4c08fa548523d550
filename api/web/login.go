package web

import (
	"net/http"

	"presage"
)

func loginPage(r *request) error {
	if !r.site.guard.NeedsLogin() {
		return r.redirect("/")
	}
	return r.render(http.StatusOK, "login", "", r.text("login.title"), localPath(r.Query("next")))
}

func login(r *request) error {
	next := localPath(r.PostForm("next"))
	if err := r.site.guard.Verify(presage.Secret(r.PostForm("key"))); err != nil {
		r.notice = notice{"due", r.text("login.wrong")}
		return r.render(http.StatusForbidden, "login", "", r.text("login.title"), next)
	}
	r.site.guard.SetSession(r.Writer, r.site.conf.SecureCookies)
	return r.redirect(next)
}

func logout(r *request) error {
	r.site.guard.EndSession(r.Writer, r.site.conf.SecureCookies)
	return r.redirect("/login")
}

// docs shows the OpenAPI description; its viewer sets styles of its own.
func docs(r *request) error {
	r.Header("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "+
		"img-src 'self' data:; connect-src 'self'; font-src 'self' data:; form-action 'self'; "+
		"base-uri 'none'; frame-ancestors 'none'")
	return r.render(http.StatusOK, "docs", "docs", "API", nil)
}
