package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"presage"
	"presage/api/access"
	"presage/api/problem"
)

//go:embed templates
var templateFiles embed.FS

// frame is what every page shows around its body.
type frame struct {
	Lang, Other presage.Lang
	Title       string
	Nav         string // key of the menu's entry, "" outside the console
	SwitchURL   string // this page in the other language
	Now         time.Time
	ClockLabel  string
	Notice      notice
	Waiting     int    // conversations that wait for a person
	User        string // the person who is logged in, "" for the admin and for nobody
	Body        any
	visitor     presage.Account
}

// May tells whether who looks may see another page.
func (f frame) May(path string) bool { return access.May(f.visitor, http.MethodGet, path) }

// notice is a line above the body; Kind "" shows none.
type notice struct{ Kind, Text string }

// request is one page being answered.
type request struct {
	*gin.Context
	site *Site
	speaker
	notice notice
	here   string // the page that a form was posted from, where it was not a GET
}

// parse makes the templates of one language.
func (s *Site) parse(lang presage.Lang, tag language.Tag) (*template.Template, speaker, error) {
	p := speaker{site: s, lang: lang, nums: message.NewPrinter(tag)}
	t := template.New("").Funcs(p.funcs()).Option("missingkey=error")
	err := fs.WalkDir(templateFiles, "templates", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := templateFiles.ReadFile(name)
		if err != nil {
			return err
		}
		_, err = t.Parse(string(raw)) // every file defines its templates by name
		return err
	})
	if err != nil {
		return nil, p, fmt.Errorf("templates: %w", err)
	}
	return t, p, nil
}

// render answers with a page; nothing is written when the template fails.
func (r *request) render(status int, name, nav, title string, body any) error {
	query := r.Request.URL.Query()
	query.Set("lang", string(otherLang(r.lang)))
	f := frame{
		Lang: r.lang, Other: otherLang(r.lang), Title: title, Nav: nav,
		SwitchURL: "?" + query.Encode(), Now: r.site.Now(),
		Notice: r.notice, Body: body, visitor: access.Visitor(r.Request.Context()),
	}
	if s := r.signer(); s.Known {
		f.User = s.Name
	}
	if r.Request.Method != http.MethodGet {
		f.SwitchURL = "?lang=" + url.QueryEscape(string(f.Other))
		if token := r.Param("token"); token != "" {
			f.SwitchURL = offerURL(token) + f.SwitchURL // the form's own address answers no GET
		}
		if r.here != "" {
			f.SwitchURL = r.here + "&lang=" + url.QueryEscape(string(f.Other))
		}
	}
	if nav != "" {
		var err error
		if f.Waiting, _, err = r.site.Talks.Waiting(r.Request.Context()); err != nil {
			return err
		}
	}
	if r.site.ClockLabel != nil {
		f.ClockLabel = r.site.ClockLabel()
	}
	var out bytes.Buffer
	if err := r.site.templates[r.lang].ExecuteTemplate(&out, name, f); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	r.Header("Vary", "Accept-Language, Cookie")
	r.Data(status, "text/html; charset=utf-8", out.Bytes())
	return nil
}

// redirect sends the browser on after a change, so that a reload repeats nothing.
func (r *request) redirect(to string) error {
	r.Redirect(http.StatusSeeOther, to)
	return nil
}

// posted is a field without the spaces around it.
func (r *request) posted(name string) string { return strings.TrimSpace(r.PostForm(name)) }

// heed shows the notice that the address of a redirect names.
func (r *request) heed() {
	if key := r.Query("notice"); r.site.wording.Has("notice." + key) {
		r.notice = notice{"ok", r.text("notice." + key)}
	}
}

// fail shows an error as a page in the reader's words.
func (r *request) fail(err error, name string) {
	status, detail := problem.Of(err)
	if status >= http.StatusInternalServerError || problem.Hidden(err) {
		r.site.Logger.ErrorContext(r.Request.Context(), "page failed", "route", r.FullPath(), "error", err)
	}
	body := struct{ Key, Detail string }{errorKey(err), ""}
	if status < http.StatusInternalServerError && name == "error" {
		body.Detail = r.refusal(err, detail)
	}
	if err := r.render(status, name, "", r.text("error."+body.Key+".title"), body); err != nil {
		r.site.Logger.ErrorContext(r.Request.Context(), "error page failed", "error", err)
		r.String(http.StatusInternalServerError, "internal error")
	}
}

// errorKey is the wording for a kind of error.
func errorKey(err error) string {
	for _, row := range []struct {
		kind error
		key  string
	}{
		{presage.ErrNewOwner, "new_owner"},
		{presage.ErrNotFound, "not_found"},
		{presage.ErrConflict, "conflict"},
		{presage.ErrForbidden, "forbidden"},
		{presage.ErrExpired, "expired"},
		{presage.ErrInvalid, "invalid"},
		{presage.ErrUnavailable, "unavailable"},
		{presage.ErrThrottled, "throttled"},
	} {
		if errors.Is(err, row.kind) {
			return row.key
		}
	}
	return "internal"
}

// localPath keeps a redirect on this site: only a path that starts with one slash passes.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(to, "/") ||
		strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}
