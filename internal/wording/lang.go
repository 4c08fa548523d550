package wording

import (
	"golang.org/x/text/language"

	"presage"
)

// Accepted is the language that an Accept-Language header asks for, English
// when it asks for none of ours.
func Accepted(header string) presage.Lang {
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return presage.English
	}
	if _, i, _ := language.NewMatcher([]language.Tag{language.English, language.Chinese}).Match(wanted...); i == 1 {
		return presage.Chinese
	}
	return presage.English
}
