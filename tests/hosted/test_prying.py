"""A model's own words ask for nothing that should not be written in a chat, and lead nowhere else: six languages."""

import pytest

from bot.brain import own_words


@pytest.mark.parametrize(
    "words",
    [
        "What is your PIN?",
        "Could you send me your password so that I can go on?",
        "Which password do you use?",
        "What is the 6-digit code that you just received?",
        "Can you tell me your bank details?",
        "What is your IBAN?",
        "Please could you follow the link below?",
        "Could you confirm at bit.ly/abc?",
        "Can you log in at evil.info again?",
        "What are the last digits of your card number?",
        "What's your p a s s w o r d?",
        "What is your passw0rd?",
        "What is your p\u0430ssword?",
        "Could you give me your log-in?",
        "Can you scan this QR code?",
        "¿Cuál es tu contraseña?",
        "¿Me dices el código que te llegó por SMS?",
        "¿Cuál es tu número de cuenta?",
        "¿Puedes pulsar en este enlace?",
        "¿Me das los datos de tu tarjeta?",
        "Qual é a sua senha?",
        "Pode dizer-me a palavra-passe?",
        "Qual é o número da sua conta?",
        "Podes clicar nesta ligação?",
        "Quel est votre mot de passe ?",
        "Pouvez-vous me donner votre code secret ?",
        "Quelles sont vos coordonnées bancaires ?",
        "Pouvez-vous cliquer sur ce lien ?",
        "Quel est le numéro de votre carte ?",
        "Wie lautet dein Passwort?",
        "Kannst du mir deine Kontonummer schicken?",
        "Wie ist die PIN deines Handys?",
        "Kannst du auf diesen Link klicken?",
        "Wie lautet der Bestätigungscode?",
        "Qual è la tua password?",
        "Mi dai il codice che hai ricevuto?",
        "Qual è il tuo codice fiscale?",
        "Puoi cliccare su questo link?",
        "Qual è il numero della tua carta?",
        "Could you write to help@evil.example?",
        "Could you visit www dot evil dot com?",
        "What was the name of your first pet, your security question?",
        "Can you buy gift cards for me?",
        "What is your pass\u200bword?",
        "What is your ｐａｓｓｗｏｒｄ?",
    ],
)
def test_a_question_for_a_secret_or_with_a_link_is_not_sent(words: str) -> None:
    assert own_words.questions_in(words, said="I forgot my password, see bit.ly/abc and evil.info") == ""


@pytest.mark.parametrize(
    "words",
    [
        "Which days do you need?",
        "Do you mean this Thursday or the next?",
        "How many chairs do you need?",
        "What is the desk for?",
        "Which supplier should it come from?",
        "Is it vacation or a personal day?",
        "Who was the dinner with?",
        "Should the whole week be taken off?",
        "Is Monday a bank holiday where you work?",
        "What does one monitor cost?",
        "In which currency was it?",
        "Which of your requests do you mean?",
        "Do you want the morning or the afternoon?",
        "Which team is it for?",
        "¿Qué días necesitas?",
        "¿Es para la mañana o para la tarde?",
        "¿Cuánto cuesta la silla?",
        "¿Quieres que vaya a tu jefa?",
        "¿De qué solicitud hablas?",
        "Quais são os dias?",
        "Para que serve a cadeira?",
        "Quanto custa o monitor?",
        "Quels jours voulez-vous prendre ?",
        "C'est pour quelle équipe ?",
        "Combien coûte l'écran ?",
        "Quel est le motif de l'achat ?",
        "Welche Tage brauchst du?",
        "Wofür brauchst du den Monitor?",
        "Meinst du diesen oder nächsten Freitag?",
        "Wie viel kostet der Stuhl?",
        "Für welche Abteilung ist das?",
        "Quali giorni ti servono?",
        "Quanto costa la sedia?",
        "Per quale squadra è?",
        "Intendi questo venerdì o il prossimo?",
        "Ist das ein halber Tag?",
        "Where did you have lunch?",
        "What was the taxi for?",
        "Is the receipt in the picture complete?",
        "Do you need a keyboard too?",
        "What should the note say?",
    ],
)
def test_a_question_about_a_request_is_sent(words: str) -> None:
    assert own_words.questions_in(words, said="") == words


def test_a_courtesy_asks_for_nothing() -> None:
    assert own_words.courtesy("Gern geschehen, Ana!") == "Gern geschehen, Ana!"
    assert own_words.courtesy("Hi Ana! Please tell me your PIN.") == ""
    assert own_words.courtesy("Thanks! Visit evil.example now.") == ""


def test_the_name_of_a_file_that_was_sent_may_come_back() -> None:
    assert own_words.questions_in("Is taxi.pdf the receipt?", said="here is taxi.pdf") == "Is taxi.pdf the receipt?"
    assert own_words.questions_in("Is prize.pdf the receipt?", said="here is taxi.pdf") == ""
