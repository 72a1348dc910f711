import { describe, expect, it } from 'vitest';
import { LANGUAGE } from '../../../../core/records/format.ts';
import { languageOf } from '../../../../core/records/prompt/language.ts';

const SAMPLES: [string, string][] = [
  ['en', 'Please write a function that returns the sum of the numbers in a list.'],
  ['es', 'Escribe una función que devuelva la suma de los números de una lista, por favor.'],
  ['fr', 'Écris une fonction qui renvoie la somme des nombres dans une liste, avec une explication.'],
  ['de', 'Bitte schreibe eine Funktion, die die Summe der Zahlen in einer Liste zurückgibt.'],
  ['pt', 'Escreva uma função que não use laços e devolva a soma dos números da lista para mim.'],
  ['it', 'Scrivi una funzione che restituisce la somma dei numeri in una lista, per favore, con gli esempi.'],
  ['nl', 'Schrijf een functie die de som van de getallen in een lijst geeft, met een uitleg van hoe het werkt.'],
  ['pl', 'Napisz funkcję, która zwraca sumę liczb z listy, oraz wyjaśnij, jak to działa i do czego jest.'],
  ['tr', 'Bir listedeki sayıların toplamını veren bir fonksiyon yaz ve nasıl çalıştığını açıkla, çok kısa olarak.'],
  ['vi', 'Hãy viết một hàm trả về tổng của các số trong danh sách và giải thích như thế nào.'],
  ['ru', 'Напиши функцию, которая возвращает сумму чисел в списке, и объясни, как это работает.'],
  ['uk', 'Напиши функцію, що повертає суму чисел у списку, та поясни, як це працює для початківця.'],
  ['zh', '请写一个函数,返回列表中数字的总和。'],
  ['ja', 'リストの数字の合計を返す関数を書いてください。'],
  ['ko', '목록의 숫자 합계를 반환하는 함수를 작성해 주세요.'],
  ['ar', 'اكتب دالة تعيد مجموع الأرقام في القائمة'],
  ['hi', 'सूची में संख्याओं का योग लौटाने वाला फ़ंक्शन लिखें'],
];

describe('the language of a prompt', () => {
  it.each(SAMPLES)('%s', (tag, text) => {
    expect(languageOf(text)).toBe(tag);
    expect(tag).toMatch(LANGUAGE);
  });

  it('is left out where it is not sure: short, mixed, code or no words', () => {
    for (const text of ['', '42 + 17', 'ok', 'foo(bar, baz); qux = 7;', 'Lorem ipsum', '🙂🙂🙂']) {
      expect([text, languageOf(text)]).toEqual([text, undefined]);
    }
  });
});
