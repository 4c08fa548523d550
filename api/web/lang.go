package web

import (
	"net/http"

	"golang.org/x/text/language"

	"presage"
)

const langCookie = "presage_lang"

// chooseLang follows ?lang=, then the cookie, then the fallback (a customer's
// own language), then Accept-Language. A choice by ?lang= is remembered.
func (s *Site) chooseLang(w http.ResponseWriter, r *http.Request, fallback presage.Lang) presage.Lang {
	if l, ok := knownLang(r.URL.Query().Get("lang")); ok {
		http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure follows the public address
			Name: langCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600,
			HttpOnly: true, Secure: s.conf.SecureCookies, SameSite: http.SameSiteLaxMode,
		})
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
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return presage.English
	}
	if _, i, _ := language.NewMatcher([]language.Tag{language.English, language.Chinese}).Match(wanted...); i == 1 {
		return presage.Chinese
	}
	return presage.English
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
