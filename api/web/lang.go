package web

import (
	"net/http"

	"presage"
	"presage/internal/wording"
)

const langCookie = "presage_lang"

// chooseLang follows ?lang=, then the cookie, then the fallback (a customer's
// own language), then Accept-Language. A choice by ?lang= is remembered.
func (s *Site) chooseLang(w http.ResponseWriter, r *http.Request, fallback presage.Lang) presage.Lang {
	if l, ok := knownLang(r.URL.Query().Get("lang")); ok {
		s.keepLang(w, l)
		return l
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if l, ok := knownLang(c.Value); ok {
			return l
		}
	}
	if l, ok := knownLang(string(fallback)); ok {
		return l
	}
	return wording.Accepted(r.Header.Get("Accept-Language"))
}

// keepLang remembers a language in the browser.
func (s *Site) keepLang(w http.ResponseWriter, l presage.Lang) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure follows the public address
		Name: langCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.conf.SecureCookies, SameSite: http.SameSiteLaxMode,
	})
}

func knownLang(s string) (presage.Lang, bool) {
	l := presage.Lang(s)
	return l, l == presage.Chinese || l == presage.English
}

func otherLang(l presage.Lang) presage.Lang {
	if l == presage.Chinese {
		return presage.English
	}
	return presage.Chinese
}
