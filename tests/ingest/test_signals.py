"""What pages say about their own history, in ten languages, and the many ways in which they write a date."""

from datetime import UTC, datetime

import pytest

from ingest.dates import parse_date
from ingest.extraction.signals import is_notice, is_stamp, marker_of, stamp_of
from ingest.phrases import spoken

NOTICES = [
    pytest.param("Correction: An earlier version of this article misstated the toll.", id="en 1"),
    pytest.param("Clarification: The headline has been changed to make clear who spoke.", id="en 2"),
    pytest.param("Editor's note: This story has been updated to remove a name.", id="en 3"),
    pytest.param("Korrektur: In einer früheren Fassung dieses Artikels hieß es, es seien elf Tote.", id="de 1"),
    pytest.param("Klarstellung: Der Minister sprach von Plänen, nicht von Beschlüssen.", id="de 2"),
    pytest.param("Anmerkung der Redaktion: Wir haben die Überschrift nachträglich geändert.", id="de 3"),
    pytest.param("Correction : une version précédente de cet article indiquait onze morts.", id="fr 1"),
    pytest.param("Précision : la ministre parlait d'un projet et non d'une décision.", id="fr 2"),
    pytest.param("Note de la rédaction : cet article a été modifié pour retirer un nom.", id="fr 3"),
    pytest.param("Corrección: una versión anterior de este artículo decía que hubo once muertos.", id="es 1"),
    pytest.param("Aclaración: el ministro hablaba de planes y no de decisiones.", id="es 2"),
    pytest.param("Nota de la redacción: este artículo ha sido modificado para retirar un nombre.", id="es 3"),
    pytest.param("Fe de errores: el puente se abrió en 1987 y no en 1978.", id="es 4"),
    pytest.param("Исправление: в предыдущей версии статьи говорилось об одиннадцати погибших.", id="ru 1"),
    pytest.param("Уточнение: министр говорил о планах, а не о решениях.", id="ru 2"),
    pytest.param("Примечание редакции: из текста удалено имя.", id="ru 3"),
    pytest.param("Виправлення: у попередній версії статті йшлося про одинадцять загиблих.", id="uk 1"),
    pytest.param("Уточнення: міністр говорив про плани, а не про рішення.", id="uk 2"),
    pytest.param("Примітка редакції: з тексту вилучено ім'я.", id="uk 3"),
    pytest.param("Correzione: una versione precedente di questo articolo parlava di undici morti.", id="it 1"),
    pytest.param("Precisazione: il ministro parlava di progetti e non di decisioni.", id="it 2"),
    pytest.param("Nota della redazione: questo articolo è stato modificato per togliere un nome.", id="it 3"),
    pytest.param("Errata corrige: il ponte fu aperto nel 1987 e non nel 1978.", id="it 4"),
    pytest.param("Correção: uma versão anterior deste artigo dizia que houve onze mortos.", id="pt 1"),
    pytest.param("Esclarecimento: o ministro falava de planos e não de decisões.", id="pt 2"),
    pytest.param("Nota da redação: este artigo foi alterado para retirar um nome.", id="pt 3"),
    pytest.param("Sprostowanie: we wcześniejszej wersji artykułu podaliśmy, że zginęło jedenaście osób.", id="pl 1"),
    pytest.param("Wyjaśnienie: minister mówił o planach, a nie o decyzjach.", id="pl 2"),
    pytest.param("Od redakcji: z tekstu usunięto nazwisko jednej osoby.", id="pl 3"),
    pytest.param("Correctie: in een eerdere versie van dit artikel stond dat er elf doden waren.", id="nl 1"),
    pytest.param("Verduidelijking: de minister sprak over plannen en niet over besluiten.", id="nl 2"),
    pytest.param("Noot van de redactie: dit artikel is aangepast om een naam te verwijderen.", id="nl 3"),
    pytest.param("Rectificatie: de brug ging open in 1987 en niet in 1978.", id="nl 4"),
]
STAMPS = [
    pytest.param("Updated 3 March 2026, 14:20", id="en 1"),
    pytest.param("Last updated: March 3, 2026 2:20 p.m.", id="en 2"),
    pytest.param("Updated on Tuesday 3 March 2026 at 2:20 p.m. Eastern time", id="en 3"),
    pytest.param("Updated 2 hours ago", id="en 4"),
    pytest.param("Aktualisiert am 3. März 2026 um 14:20 Uhr", id="de 1"),
    pytest.param("Stand: 03.03.2026, 14:20 Uhr", id="de 2"),
    pytest.param("Mis à jour le 3 mars 2026 à 14h20", id="fr 1"),
    pytest.param("Actualizado el 3 de marzo de 2026 a las 14:20", id="es 1"),
    pytest.param("Última actualización: 03/03/2026 14:20", id="es 2"),
    pytest.param("Обновлено 3 марта 2026, 14:20", id="ru 1"),
    pytest.param("Оновлено 3 березня 2026, 14:20", id="uk 1"),
    pytest.param("Aggiornato il 3 marzo 2026 alle 14:20", id="it 1"),
    pytest.param("Ultimo aggiornamento: 3 marzo 2026", id="it 2"),
    pytest.param("Atualizado em 3 de março de 2026 às 14h20", id="pt 1"),
    pytest.param("Aktualizacja: 3 marca 2026, 14:20", id="pl 1"),
    pytest.param("Zaktualizowano 3 marca 2026 14:20", id="pl 2"),
    pytest.param("Bijgewerkt op 3 maart 2026 om 14:20", id="nl 1"),
    pytest.param("Laatst bijgewerkt: 3 maart 2026 14:20", id="nl 2"),
]
MARKERS = [
    pytest.param("This is a developing story.", id="en 1"),
    pytest.param("Breaking news: more to follow.", id="en 2"),
    pytest.param("Dieser Artikel wird laufend aktualisiert.", id="de 1"),
    pytest.param("Weitere Informationen in Kürze.", id="de 2"),
    pytest.param("Cet article est en cours de mise à jour.", id="fr 1"),
    pytest.param("Plus d'informations à venir.", id="fr 2"),
    pytest.param("Noticia en desarrollo.", id="es 1"),
    pytest.param("Новость дополняется.", id="ru 1"),
    pytest.param("Подробности позже.", id="ru 2"),
    pytest.param("Новина доповнюється.", id="uk 1"),
    pytest.param("Деталі згодом.", id="uk 2"),
    pytest.param("Notizia in aggiornamento.", id="it 1"),
    pytest.param("Articolo in aggiornamento.", id="it 2"),
    pytest.param("Notícia em atualização.", id="pt 1"),
    pytest.param("Esta notícia está sendo atualizada.", id="pt 2"),
    pytest.param("Wkrótce więcej informacji.", id="pl 1"),
    pytest.param("Artykuł jest aktualizowany.", id="pl 2"),
    pytest.param("Dit artikel wordt bijgewerkt.", id="nl 1"),
    pytest.param("Meer volgt.", id="nl 2"),
]


@pytest.mark.parametrize("said", NOTICES)
def test_a_notice_is_told_from_a_sentence(said: str) -> None:
    """Corrections, clarifications and editor's notes."""
    assert is_notice(spoken(said))
    assert not is_stamp(spoken(said))


@pytest.mark.parametrize("said", STAMPS)
def test_an_updated_stamp(said: str) -> None:
    """The visible stamp."""
    assert is_stamp(spoken(said))
    assert not is_notice(spoken(said))


@pytest.mark.parametrize("said", MARKERS)
def test_a_marker(said: str) -> None:
    """More is to come."""
    assert marker_of(spoken(said)) == "developing"


@pytest.mark.parametrize(
    "said",
    [
        "The correction of the river's course cost 40 million crowns, the ministry said on Friday.",
        "Die Korrektur des Flusslaufs kostete 40 Millionen Kronen, wie das Ministerium mitteilte.",
        "La correction du tracé de la rivière a coûté 40 millions, selon le ministère.",
        "Виправлення русла річки коштувало 40 мільйонів, повідомило міністерство.",
        "Breaking news of the fire reached the mayor in his garden, where he was reading a story.",
    ],
)
def test_news_about_such_words_is_none(said: str) -> None:
    """A sentence that merely speaks of corrections and news stays text."""
    assert (is_notice(spoken(said)), is_stamp(spoken(said)), marker_of(spoken(said))) == (False, False, "none")


AT = datetime(2026, 3, 3, 14, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-03T14:20:00Z",
        "2026-03-03T16:20:00+0200",
        "2026-03-03T16:20+02:00",
        "2026-03-03 14:20:00",
        "2026-03-03T14:20",
        "20260303T142000Z",
        "2026-03-03T14:20:00.000000Z",
        "2026-03-03T14:20:00[Europe/Kyiv]",
        "2026-03-03T14:20:00 UTC",
        "Tue, 03 Mar 2026 14:20:00 GMT",
        "Tue, 3 Mar 2026 16:20:00 +0200",
        "Tue Mar 03 14:20:00 UTC 2026",
        "2026/03/03 14:20",
        "2026/03/03 14:20:00",
        "03.03.2026 14:20",
        "03.03.2026, 14:20",
        "March 3, 2026 2:20 PM",
        "Mar 3, 2026 2:20 PM",
        "3 March 2026 14:20",
        "1772547600",
        "1772547600000",
        1772547600,
    ],
)
def test_one_moment_in_many_formats(written: object) -> None:
    """Where no zone is given, UTC."""
    assert parse_date(written) == AT


@pytest.mark.parametrize(
    "written", ["03/04/2026", "yesterday", "0000-00-00", "9999999999999", "", None, True, 5, [], "1" * 50]
)
def test_what_is_no_date(written: object) -> None:
    """Ambiguous, impossible, or no date at all."""
    assert parse_date(written) is None


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        ("2 March 2026, 10:10 · Updated 2 March 2026, 11:42 · 2,183 views", "Updated 2 March 2026, 11:42"),
        ("By Mara Ellison | Last updated 2 March 2026 | 11:42 | 812 comments", "Last updated 2 March 2026 · 11:42"),
        ("12 dead · 34 hurt · 2 March 2026", ""),
    ],
)
def test_a_stamp_among_other_words(line: str, stamp: str) -> None:
    """Of a line that says more, the stamp is what says when the page was updated: a counter moves by itself."""
    assert stamp == stamp_of(line, spoken(line))
