"""Replies to measure with: always the same, in English and French, with a phrase of phrases.txt in one sentence of thirty.

texts.py FOLDER writes FOLDER/replies.txt (10 MB), FOLDER/macros/ (2,000 Markdown files) and FOLDER/reply.txt (2 KB).
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PHRASES = open(f"{HERE}/phrases.txt", encoding="utf-8").read().splitlines()

ENGLISH = {
    "hello": ["Hi {name},", "Hello {name},", "Good evening {name},"],
    "body": [
        "Your parcel left {town} on {day} and is with the carrier now.",
        "I looked at order {number}: the second box was never scanned.",
        "The refund of €{price} left this morning and will be on your card by {day}.",
        "You were charged twice because our page let you press the button twice.",
        "I have switched your plan back to the old price from {day} on.",
        "Open Settings, choose {menu}, and turn the switch off and on again.",
        "The lamp arrived broken because we packed it in too large a box.",
        "Which of the two addresses would you like us to use?",
        "A new {thing} is on its way, at no cost to you; keep the old one.",
        "The app closed itself on phones older than {number}, and version {small}.2 mends it.",
        "Invoice {number} had the wrong VAT number; the right one is attached.",
        "You can bring it back to the shop in {town} until {day}, with or without the box.",
        "It took us {small} days to answer you, and that is too long.",
        "I asked our warehouse in {town} to count again, and there are {small} left.",
        "Your password was changed on {day} at {small}:{number}; if that was not you, tell me at once.",
        "We stopped selling the {thing} in spring, so I cannot send you another of the same.",
    ],
    "bye": ["Best wishes,", "Have a good {day},", "Kind regards,"],
    "tails": [".", " today.", " in this case.", ", {name}."],
}
FRENCH = {
    "hello": ["Bonjour {name},", "Bonsoir {name},", "Chère {name},"],
    "body": [
        "Votre colis a quitté {town} {jour} ; le transporteur l’a pris en charge.",
        "J’ai regardé la commande {number} : le second carton n’a jamais été scanné.",
        "Le remboursement de {price} € est parti ce matin, il sera sur votre carte {jour}.",
        "Vous avez payé deux fois parce que notre page laissait appuyer deux fois sur le bouton.",
        "J’ai remis votre abonnement à l’ancien tarif à partir de {jour}.",
        "Ouvrez les réglages, choisissez {menu}, puis éteignez et rallumez l’interrupteur.",
        "La lampe est arrivée cassée parce que nous l’avions mise dans un carton trop grand.",
        "Laquelle des deux adresses souhaitez-vous garder ?",
        "Un autre {chose} est en route, sans frais ; gardez l’ancien.",
        "L’application se fermait sur les téléphones d’avant {number} ; la version {small}.2 y remédie.",
        "La facture {number} portait un mauvais numéro de TVA, la bonne est jointe.",
        "Vous pouvez le rapporter au magasin de {town} jusqu’à {jour}, avec ou sans sa boîte.",
        "Nous avons mis {small} jours à vous répondre, c’est trop long.",
        "J’ai demandé à l’entrepôt de {town} de recompter : il en reste {small}.",
        "Votre mot de passe a été changé {jour} à {small} h {number} ; si ce n’était pas vous, dites-le-moi.",
        "Nous ne vendons plus ce {chose} depuis le printemps, je ne peux donc pas vous renvoyer le même.",
    ],
    "bye": ["Bien à vous,", "Bonne fin de semaine,", "Cordialement,"],
    "tails": [".", " encore.", " à ce sujet.", ", {name}."],
}
WORDS = {
    "name": "Ana Léa Zoé Noé Inès Björn Chloé Tom Maël Ayşe Jules Rosa".split(),
    "town": "Lyon Leeds Nîmes Cork Liège Genève Brest Bath Orléans York".split(),
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday".split(),
    "jour": "lundi mardi mercredi jeudi vendredi samedi".split(),
    "thing": "kettle lamp charger keyboard router".split(),
    "chose": "chargeur casque clavier routeur grille-pain".split(),
    "menu": "Network Account Devices Privacy Wi-Fi".split(),
}


class Dice:
    """A linear congruential generator: the same on every Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def pick(self, items):
        return items[self.below(len(items))]


DICE = Dice(2026)


def fill(template):
    words = {key: DICE.pick(values) for key, values in WORDS.items()}
    return template.format(number=10 + DICE.below(50), small=2 + DICE.below(8), price=5 + DICE.below(300), **words)


def sinful(language):
    half = len(PHRASES) // 2
    phrase = DICE.pick(PHRASES[:half] if language is ENGLISH else PHRASES[half:])
    if DICE.below(2):
        phrase = phrase.replace("'", "’")
    if DICE.below(20) == 0:
        phrase = phrase.upper()
    return phrase[0].upper() + phrase[1:] + fill(DICE.pick(language["tails"]))


def reply(language, n_sentences, one_in=30):
    body = [sinful(language) if DICE.below(one_in) == 0 else fill(DICE.pick(language["body"])) for _ in range(n_sentences)]
    paragraphs = [" ".join(body[it : it + 3]) for it in range(0, len(body), 3)]
    return "\n\n".join([fill(DICE.pick(language["hello"])), *paragraphs, fill(DICE.pick(language["bye"])) + "\n" + DICE.pick(WORDS["name"])]) + "\n"


def language():
    return DICE.pick([ENGLISH, FRENCH])


def macro():
    lines = reply(language(), 4 + DICE.below(8)).split("\n\n")
    marked = ["- " + it.replace(". ", ".\n- ") if DICE.below(6) == 0 else it for it in lines]
    return f"# {DICE.pick(WORDS['menu'])} {DICE.below(1000)}\n\n" + "\n\n".join(marked)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def main(folder):
    parts, size = [], 0
    while size < 10_000_000:
        parts.append(reply(language(), 6 + DICE.below(9)) + "\n")
        size += len(parts[-1].encode())
    write(f"{folder}/replies.txt", "".join(parts))
    for index in range(2000):
        write(f"{folder}/macros/{index // 100:02}/{index:04}.md", macro())
    write(f"{folder}/reply.txt", reply(ENGLISH, 17, one_in=6) + "\n" + reply(FRENCH, 14, one_in=6))


if __name__ == "__main__":
    main(sys.argv[1])
